export type LockMode = 'COMPLIANCE' | 'GOVERNANCE';

/** How one object is kept, where its pipeline says so; what is absent is left to the bucket's own defaults. */
export interface ObjectProtection {
  /** A KMS key's ID or ARN, or an alias. */
  kms?: { key: string; bucketKey?: boolean };
  /** `until` in UTC epoch seconds. */
  retention?: { mode: LockMode; until: number };
  legalHold?: true;
}

export type ProtectionOf = (location: { bucket: string; key: string }) => ObjectProtection;
