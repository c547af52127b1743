import { types } from 'node:util';
import { ConflictError, LandfallError, SetupError, UnavailableError, type FailureWords } from '../errors';
import { configuredEndpoint } from './aws-settings';

/** What a failure's words are made of. */
export interface AwsCall {
  service: 'S3' | 'GLUE' | 'ATHENA' | 'SQS';
  /** What was tried, as a sentence goes on with `failed`: `Reading s3://land/data.csv`. */
  doing: string;
  /** What IAM has to allow for it: `s3:GetObject on arn:aws:s3:::land/data.csv`. */
  permission: string;
  signal?: AbortSignal | undefined;
}

interface AwsFailure {
  code: string;
  status: number | undefined;
  message: string;
}

const CREDENTIALS_REFUSED =
  /^(ExpiredToken|TokenRefreshRequired|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|InvalidClientTokenId|UnrecognizedClient|InvalidToken|MissingAuthenticationToken|RequestExpired|RequestTimeTooSkewed|CredentialsProviderError|TokenProviderError)/;
const DENIED = /^(AccessDenied|Forbidden|AllAccessDisabled|NotAuthorized|UnauthorizedAccess)/;
const OTHER_REGION =
  /^(PermanentRedirect|TemporaryRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint)/;
const ARCHIVED = /^(InvalidObjectState|ObjectNotInActiveTier)/;
const CONFLICT = /^(ConditionalRequestConflict|OperationAborted|ConcurrentModification|NoSuchUpload)/;
const KMS_UNUSABLE = /^KMS\.(?!Throttling|Internal)/;
const NO_OBJECT_LOCK = /missing Object ?Lock ?Configuration/i;
/** What passes by itself: overload, faults on AWS's side, bytes that were damaged or lost on the way. */
const PASSES =
  /^(KMS\.(Throttling|Internal)|SlowDown|Throttl|TooManyRequests|RequestLimitExceeded|RequestTimeout|Timeout|OperationTimeout|ServiceUnavailable|Internal(Error|Failure|Server|Service)|BadDigest|IncompleteBody|XAmzContent)/;
const NETWORK =
  /^(ECONN|EPIPE|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET|EADDRNOTAVAIL|ERR_STREAM_PREMATURE_CLOSE|ERR_SOCKET)/;
const CERTIFICATE = /(CERT|_TLS_|_SSL_|UNABLE_TO_VERIFY|EPROTO)/;

/**
 * Runs AWS calls and puts their failures into words.
 * @throws SetupError for what a person has to mend: access, credentials, bucket, region, certificate
 * @throws UnavailableError for what passes by itself: network, overload, faults of the service
 * @throws ConflictError when another writer was at the same thing
 * @throws LandfallError for any other refusal
 * @throws the signal's reason when the signal is aborted
 */
export async function explainFailures<T>(call: AwsCall, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainFailure(call, error);
  }
}

export function explainFailure(call: AwsCall, error: unknown): unknown {
  if (call.signal?.aborted) return call.signal.reason;
  if (error instanceof LandfallError) return error;
  const failure = readAwsFailure(error);
  return failure ? toLandfallError(call, failure, error) : error;
}

/** @returns undefined for what neither AWS nor the network said, such as a fault in our own code */
export function readAwsFailure(error: unknown): AwsFailure | undefined {
  if (!types.isNativeError(error)) return undefined; // Unlike `instanceof`, it knows errors of other realms.
  const { name, message, code, $metadata } = error as Error & {
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) {
    const saysMore = message !== 'UnknownError' && !message.includes('Deserialization error:');
    const unreadable = `HTTP ${status} with nothing in it that AWS would say`;
    return { code: name, status, message: saysMore ? message : unreadable };
  }
  if (typeof code === 'string' && (NETWORK.test(code) || CERTIFICATE.test(code))) {
    return { code, status: undefined, message: message || code };
  }
  const saidBySdk =
    CREDENTIALS_REFUSED.test(name) || name === 'TimeoutError' || message === 'Region is missing';
  return saidBySdk ? { code: name, status: undefined, message } : undefined;
}

function toLandfallError(
  call: AwsCall,
  { code, status = 0, message }: AwsFailure,
  cause: unknown,
): LandfallError {
  const detail =
    /^(Unknown|Syntax)?Error$/.test(code) || message.startsWith(code) ? message : `${code}: ${message}`;
  const words = (next: string): FailureWords => ({
    happened: `${call.doing} failed: ${detail.replace(/\.$/, '')}.`,
    next,
  });
  const endpoint = configuredEndpoint(call.service);
  const address = endpoint === undefined ? 'the network' : `the network and AWS_ENDPOINT_URL (${endpoint})`;

  if (message === 'Region is missing') return new SetupError(words('Set AWS_REGION.'), { cause });
  if (CREDENTIALS_REFUSED.test(code)) {
    const next =
      "Renew or correct the AWS credentials of this process (and its machine's clock), then start it again.";
    return new SetupError(words(next), { cause });
  }
  if (code === 'NoSuchBucket') {
    return new SetupError(words("Create the bucket, or correct its name in the pipeline's areas."), {
      cause,
    });
  }
  if (KMS_UNUSABLE.test(code)) {
    const next =
      "See that the KMS key exists, is enabled and is of the bucket's region: areas.….encryption of the pipeline, or the bucket's default encryption.";
    return new SetupError(words(next), { cause });
  }
  if (NO_OBJECT_LOCK.test(message)) {
    const next =
      'Turn on Object Lock for the bucket (aws s3api put-object-lock-configuration), or take objectLock and legalHold out of areas.rawHist.';
    return new SetupError(words(next), { cause });
  }
  if (ARCHIVED.test(code)) {
    return new SetupError(words('Restore the object from its archive storage class, then run again.'), {
      cause,
    });
  }
  if (OTHER_REGION.test(code) || status === 301) {
    return new SetupError(words("Set AWS_REGION to the bucket's own region."), { cause });
  }
  if (CONFLICT.test(code)) {
    return new ConflictError(words('Run the same step again: it starts over and finds out who was first.'), {
      cause,
    });
  }
  if (PASSES.test(code) || NETWORK.test(code) || status >= 500 || status === 429) {
    return new UnavailableError(words(`It is tried again; if it stays like this, check ${address}.`), {
      cause,
    });
  }
  if (CERTIFICATE.test(code)) {
    return new SetupError(words(`Check the certificate behind ${address}, or NODE_EXTRA_CA_CERTS.`), {
      cause,
    });
  }
  if (DENIED.test(code) || status === 403) {
    const key = /\bkms:\w+/.test(message) ? ', and on the KMS key kms:Decrypt and kms:GenerateDataKey,' : '';
    return new SetupError(words(`Allow ${call.permission}${key} to the role of this process.`), { cause });
  }
  return new LandfallError(words('Correct what the message names; the same call would fail again.'), {
    cause,
  });
}
