/** Where S3's own log of a bucket lies, by what the bucket is called in its stack. */
export function accessLogPrefix(bucket: string): string {
  return `${bucket.toLowerCase()}/`;
}

/** Buckets for which the report compares S3's own log with the trail: those that parties come to. */
export const ACCESS_LOGGED: readonly string[] = ['Landing', 'Lake'].map(accessLogPrefix);
