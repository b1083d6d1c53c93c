/** Names counted apart; whoever makes up more cannot fill the memory. */
export const MAX_NAMES = 1000;

/** What is summed as it comes. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
