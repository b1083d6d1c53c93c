import { MessageChannel } from 'node:worker_threads';

/** What is sent into it goes nowhere, and is gone. */
const { port1: nowhere } = new MessageChannel();
nowhere.close();

/** Below this nothing is gained, and Node keeps several buffers in the same memory. */
const LEAST = 64 * 1024;

/**
 * Lets go at once of the memory of a buffer that nobody reads any more (it is empty afterwards). Left to the collector, the
 * contents of a few files would pile up, and each time make it go through all else that is held.
 */
export function giveBack({ buffer }: Uint8Array): void {
  // Whoever sends a buffer gives it away, also where nobody receives it.
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= LEAST) nowhere.postMessage(undefined, [buffer]);
}
