/** Where a party puts what it delivers of a dataset. */
export function nameFolder(dataset: string): string {
  return `/${dataset}`;
}

/** Where a party finds what was released to it of a dataset. */
export function nameInbox(agreement: string, dataset: string): string {
  return `/${INBOXES}/${agreement}/${dataset}`;
}

/** A dataset of this name would have its folder around the inboxes. */
export const INBOXES = 'inbox';
