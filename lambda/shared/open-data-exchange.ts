import { DataExchangeClient, type DataExchangeClientConfig } from '@aws-sdk/client-dataexchange';

/** A call that makes something was not answered: it may be there. Whoever is called again looks first, and makes it once. */
class MaybeMade extends Error {
  override readonly name = 'MaybeMade';
}

/**
 * Data Exchange takes no token by which it would know a call again: what a call makes whose answer is lost, the SDK would make
 * twice. So such a call is repeated only where it was refused, as when there were too many.
 */
export function openDataExchange(config: DataExchangeClientConfig = {}): DataExchangeClient {
  const client = new DataExchangeClient(config);
  client.middlewareStack.addRelativeTo(makeOnce, {
    relation: 'after',
    toMiddleware: 'retryMiddleware',
    name: 'makeOnce',
  });
  return client;
}

function makeOnce<Args, Answer>(
  next: (args: Args) => Promise<Answer>,
  { commandName = '' }: { readonly commandName?: string },
): (args: Args) => Promise<Answer> {
  if (!commandName.startsWith('Create')) return next;
  return async (args) => {
    try {
      return await next(args);
    } catch (error) {
      if (isRefusal(error)) throw error;
      throw new MaybeMade(`${commandName} was not answered: whether it took place is seen when this is called again.`);
    }
  };
}

function isRefusal(error: unknown): boolean {
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  const { httpStatusCode = 0 } = $metadata ?? {};
  return httpStatusCode >= 400 && httpStatusCode < 500;
}
