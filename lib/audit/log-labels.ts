/** What stands before the names of files of logs beside the trail's, which have nothing before them. */
export const LOG_LABELS = { serverAccess: 'server-access-logs', transfer: 'transfer-logs' } as const;
