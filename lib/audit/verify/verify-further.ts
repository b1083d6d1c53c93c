import { join } from 'node:path';
import canonicalize from 'canonicalize';
import * as z from 'zod';
import type { AuditReport } from '../../domain/audit/report/audit-report';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import { formatPlural } from '../../report/format';
import { ACCESS_TABLE } from '../pack/access-table';
import { asItIs } from '../pack/as-it-is';
import { EXCEPTION_TABLE } from '../pack/exception-table';
import { listShown, nameShown } from '../pack/list-shown';
import { readPackReport } from '../pack/read-pack-report';
import { readRows } from '../pack/read-rows';
import { deriveExceptions } from './derive-exceptions';
import { isWholeSeries } from './late-rows';
import { judgedRowSchema } from './verify-judgements';
import type { PackFinding, PackVerdict } from './verify-pack';

/** An exception that an access shows of which a further record came, and that its own pack does not list. */
interface LeftException {
  readonly file: string;
  readonly kind: string;
  /** `nameShown` */
  readonly names: readonly string[];
}

/**
 * Whether what further records show, and a pack does not list, is listed by the report of its time.
 * @param earlier folders of the packs that it follows, as far as they are named
 */
export async function verifyFurther(
  pack: string,
  earlier: readonly string[],
): Promise<Required<Pick<PackVerdict, 'unchecked' | 'findings'>>> {
  const report = readPackReport(pack);
  const left = report === undefined ? [] : await listLeft(pack, report).catch(ofOtherShape);
  const tables = earlier.map((folder) => join(folder, EXCEPTION_TABLE));
  const listed = await listShown(tables, new Set(left.flatMap(({ names }) => names)));
  const unknown = left.filter(({ names }) => !names.some((name) => listed.has(name)));
  // What was told of others' accesses then is not in a party's own pack.
  const isHeld = report?.header.recipient === undefined && isWholeSeries(report?.header.after ?? [], earlier);
  return {
    unchecked:
      isHeld || unknown.length === 0
        ? []
        : [
            `${formatPlural(unknown.length, 'exception')} of which a further record came: no pack that is named lists it`,
          ],
    findings: (isHeld ? unknown : []).map(
      ({ file, kind }): PackFinding => ({
        file,
        problem: `it is an exception (${kind}), and listed neither here nor in an earlier pack`,
      }),
    ),
  };
}

async function listLeft(pack: string, { header }: AuditReport): Promise<readonly LeftException[]> {
  const accounts = { room: new Set(header.room.accounts), parties: new Set(header.partyAccounts) };
  const due = new Map<string, LeftException>();
  for await (const [row, at] of readRows(pack, ACCESS_TABLE, asItIs<ReportedAccess>(judgedRowSchema))) {
    if (row?.late !== 'further') continue;
    const events = row.evidence.map(({ event }) => event);
    for (const exception of deriveExceptions(row, accounts, header.recipient !== undefined))
      due.set(canonicalize(exception) ?? '', {
        file: `${ACCESS_TABLE}:${at}`,
        kind: exception.kind,
        names: nameShown(exception.kind, events),
      });
  }
  if (due.size > 0)
    for await (const [exception] of readRows(pack, EXCEPTION_TABLE, z.json()))
      due.delete(canonicalize(exception) ?? '');
  return [...due.values()];
}

/** What is told in other shapes is found with what follows from the accesses. */
function ofOtherShape(error: unknown): readonly LeftException[] {
  if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
  return [];
}
