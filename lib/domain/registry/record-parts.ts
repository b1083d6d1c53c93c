import * as z from 'zod';

/*
 * What the registry holds, in one definition: records are read by these schemas, so that one that does not hang together
 * opens nothing, and the partner API is described by them. Terms, names, hashes and counts; never a value of a row. These
 * are the pieces that records are made of.
 */

export const id = z.string().regex(/^[\w.:,-]{1,200}$/);
export const hash = z.string().regex(/^[0-9a-f]{64}$/);
export const token = z.string().regex(/^[0-9a-f]{32}$/);
export const moment = z.iso.datetime();
export const day = z.iso.date();
export const words = z.string().min(1).max(2000);
/** Of an access, as the ledger has it; it may end in the name of an object. */
export const accessIdSchema = z.string().regex(/^[^\p{Cc}]{1,1500}$/u);
/** Of a session, a request or an event, as AWS names them. */
export const tieSchema = z.string().regex(/^[\w+=,.@/-]{1,300}$/);
