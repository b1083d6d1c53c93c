/**
 * The longest that credentials of one session of a role hold, in milliseconds: no role can be set to more, and one that was
 * assumed by another role has an hour. (AWS STS, AssumeRole, `DurationSeconds`.) What opened a session lies no further back.
 */
export const SESSION_MS = 12 * 60 * 60 * 1000;
