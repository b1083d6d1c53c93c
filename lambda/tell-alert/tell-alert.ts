/** Sends a text to everybody who is told. */
type Publish = (message: string) => Promise<void>;

/** Passes on what a rule of the room says: its text, or the event itself where it says no more. */
export async function tellAlert(event: unknown, publish: Publish): Promise<void> {
  const text = typeof event === 'string' ? event : JSON.stringify(event);
  await publish(text.slice(0, MAX_MESSAGE));
}

/** Characters. SNS takes 256 KB, and an event of EventBridge is no longer than that: this leaves room for longer letters. */
const MAX_MESSAGE = 60_000;
