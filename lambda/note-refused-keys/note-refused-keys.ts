import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { readTransferLog } from '../../lib/domain/audit/records/read-transfer-log';
import { judgeRefusedKey, readRefusedKey } from '../../lib/domain/enforcement/doors/refused-key';
import { type AgreementOnRecord, readConduct } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import type { RememberedPolicies } from '../../lib/policy/remember-policies';
import type { Log } from '../shared/log';
import type { RecordAtDoor } from '../shared/record-at-door';

interface RefusedKeyParts {
  readonly registry: Registry;
  readonly policiesOf: RememberedPolicies;
  readonly record: RecordAtDoor;
  readonly log: Log;
}

/**
 * Lines of the SFTP server's log that tell of who could not sign in. Whom the room refused is on record by then; who was
 * permitted and had no agreed key was refused by the server, and goes on record here. Told twice it is one decision.
 */
export async function noteRefusedKeys(
  event: unknown,
  { registry, policiesOf, record, log }: RefusedKeyParts,
): Promise<void> {
  // Names are chosen by whoever knocks: one query tells which of them can mean anything.
  const agreements = new Set(await registry.listAgreements());
  const known = new Map<string, Promise<AgreementOnRecord | undefined>>();
  for (const line of unpackLines(event)) {
    const reading = readTransferLog(line);
    const refused = reading.kind === 'access' ? readRefusedKey(reading.access) : undefined;
    if (refused === undefined) {
      log.warn('A line of the SFTP log tells of no refusal that can be read', { kind: reading.kind });
      continue;
    }
    const { agreement } = refused;
    if (!agreements.has(agreement)) continue;
    const reads = known.get(agreement) ?? readConduct(registry, agreement);
    known.set(agreement, reads);
    const on = await reads;
    const decision = on && judgeRefusedKey(refused, on, policiesOf(on.plan));
    if (decision === undefined) continue;
    await record(registry, decision, refused.ip);
    const { reason, party = 'unknown' } = decision;
    log.warn('SFTP refused by the server', { agreement, party, reason, sourceIp: refused.ip });
  }
}

const eventSchema = z.object({ awslogs: z.object({ data: z.base64() }) });
const dataSchema = z.object({ messageType: z.string(), logEvents: z.array(z.unknown()) });
/** Bytes of lines in one event, many times what CloudWatch Logs sends. */
const MOST = 64 * 1024 * 1024;

/** As a subscription to a log group brings them; none of what is a mere test that it can be reached. */
function unpackLines(event: unknown): readonly unknown[] {
  const { data } = eventSchema.parse(event).awslogs;
  const text = gunzipSync(Buffer.from(data, 'base64'), { maxOutputLength: MOST }).toString('utf8');
  const { messageType, logEvents } = dataSchema.parse(JSON.parse(text));
  return messageType === 'DATA_MESSAGE' ? logEvents : [];
}
