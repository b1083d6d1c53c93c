import { RETRY_AT_ONCE } from './retry-at-once';
import { type Collection, rewindCollections } from './rewind-room';
import { FunctionFailed } from './run-function';
import type { StandIn } from './serve-from-model';
import { startGateway } from './start-gateway';
import type { ClientConfig } from './start-local-room';
import type { TriedRoom } from './try-faults';

/** One function, which is a test's own code and may do everything, and stand-ins for all that it calls. */
export interface SmallRoom extends TriedRoom {
  /** For the function's clients. */
  readonly clientConfig: ClientConfig & { readonly retryStrategy: typeof RETRY_AT_ONCE };
  /** For a test's own look; its calls are not the function's. */
  readonly testConfig: ClientConfig;
  /** What the function does, as Lambda calls it: what it throws makes it be called again. */
  step(work: () => Promise<unknown>): () => Promise<void>;
  stop(): Promise<void>;
}

export interface SmallRoomParts {
  /** By the name under which requests are signed. */
  readonly standIns: Readonly<Record<string, StandIn>>;
  /** All that they know. */
  readonly collections: readonly Collection[];
  /** Is told when the function would be ended, and by how much its clock is wrong. */
  readonly crash?: () => void;
  readonly setClocks?: (wrongBy: number) => void;
}

export async function openSmallRoom({
  standIns,
  collections,
  crash = () => {},
  setClocks = () => {},
}: SmallRoomParts): Promise<SmallRoom> {
  const gateway = await startGateway({ standIns, place: { account: '123456789012', region: REGION } });
  const everything = {
    effect: 'Allow' as const,
    actions: ['*'],
    resources: ['*'],
    conditions: [],
  };
  const fn = { crash: async () => crash() };
  gateway.admit('ROOM', { name: 'function', statements: [everything], ...fn });
  const configure = (accessKeyId: string): ClientConfig => ({
    region: REGION,
    endpoint: gateway.endpoint,
    credentials: { accessKeyId, secretAccessKey: 'local' },
  });
  return {
    ...rewindCollections(collections),
    gateway,
    setClocks,
    functionOf: () => fn,
    clientConfig: { ...configure('ROOM'), retryStrategy: RETRY_AT_ONCE },
    testConfig: configure('testing'),
    step: (work) => async () => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        throw new FunctionFailed(error.name, error.message);
      }
    },
    stop: () => gateway.stop(),
  };
}

const REGION = 'eu-central-1';
