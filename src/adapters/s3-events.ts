/** One object that a message tells of. */
export interface ObjectEvent {
  bucket: string;
  key: string;
  /** It is gone: nothing landed. */
  isRemoval: boolean;
}

export type ReadMessage =
  | { kind: 'events'; events: ObjectEvent[] }
  /** S3 tries out a queue with it when the notification is set. */
  | { kind: 'test' }
  | { kind: 'unreadable'; why: string };

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const unreadable = (why: string): ReadMessage => ({ kind: 'unreadable', why });

/**
 * Reads a message in any of the forms in which S3's events come: S3's own notification, the same in SNS's envelope, and
 * EventBridge's. Never throws: whoever may write to the queue may write anything.
 *
 * Source of the forms: Amazon S3 User Guide, "Event message structure" and "EventBridge event structure".
 */
export function readS3Message(body: string): ReadMessage {
  const message = parse(body);
  if (!message) return unreadable('it is no JSON object');
  if (message.Type !== 'Notification' || typeof message.Message !== 'string') return readUnwrapped(message);
  const inner = parse(message.Message);
  return inner ? readUnwrapped(inner) : unreadable("SNS's envelope has no JSON object in it");
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readUnwrapped(message: Json): ReadMessage {
  if (message.Event === 's3:TestEvent') return { kind: 'test' };
  if (message.source === 'aws.s3') return readEventBridge(message);
  if (!Array.isArray(message.Records)) return unreadable('it is no event of S3');
  const events = message.Records.map(readRecord);
  return events.length > 0 && events.every((event) => event !== undefined)
    ? { kind: 'events', events }
    : unreadable('its records are no events of S3');
}

function readRecord(record: unknown): ObjectEvent | undefined {
  if (!isObject(record) || !isObject(record.s3) || typeof record.eventName !== 'string') return undefined;
  const { bucket, object } = record.s3;
  const key = isObject(object) && typeof object.key === 'string' ? decodeKey(object.key) : undefined;
  if (!isObject(bucket) || typeof bucket.name !== 'string' || key === undefined) return undefined;
  const isRemoval = /^(s3:)?(ObjectRemoved|LifecycleExpiration):/.test(record.eventName);
  return { bucket: bucket.name, key, isRemoval };
}

/** Keys are as they are in EventBridge, and encoded as in a form elsewhere. */
function readEventBridge({ 'detail-type': type, detail }: Json): ReadMessage {
  const { bucket, object } = isObject(detail) ? detail : {};
  if (!isObject(bucket) || typeof bucket.name !== 'string' || !isObject(object))
    return unreadable('it is an event of S3 without bucket or object');
  if (typeof object.key !== 'string') return unreadable('it is an event of S3 without a key');
  const isRemoval = type === 'Object Deleted';
  return { kind: 'events', events: [{ bucket: bucket.name, key: object.key, isRemoval }] };
}

function decodeKey(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
