interface Token {
  getRetryCount(): number;
  getRetryDelay(): number;
}

/** As SDKs ask again by themselves, but without a wait between: three tries, and none more where the request itself is at fault. */
export const RETRY_AT_ONCE = {
  acquireInitialRetryToken: async (): Promise<Token> => countTries(0),
  refreshRetryTokenForRetry: async (
    { getRetryCount }: Token,
    { errorType }: { readonly errorType: string },
  ): Promise<Token> => {
    if (errorType === 'CLIENT_ERROR' || getRetryCount() === 2) throw new Error('It is not asked again.');
    return countTries(getRetryCount() + 1);
  },
  recordSuccess: (): void => {},
};

function countTries(tries: number): Token {
  return { getRetryCount: () => tries, getRetryDelay: () => 0 };
}
