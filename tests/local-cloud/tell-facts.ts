import { request as sendRequest } from 'node:http';
import type { Need } from './identify-call';
import type { TellFact } from './judge-conditions';
import type { Principal, ResourcePolicy } from './resource-policy';
import type { Moto } from './start-moto';

/** What any call tells by its caller, and by what it is about. */
export function tellCaller(principal: Principal | undefined, policy: ResourcePolicy | undefined): TellFact {
  return (key) => {
    const [scope, tag = ''] = key.split('/');
    if (scope === 'aws:principaltag') return principal && findTag(principal.tags, tag);
    if (scope === 'aws:resourcetag') return policy && findTag(policy.tags, tag);
    if (key === 'aws:principalarn') return principal && [principal.arn];
    // No service makes these calls in a function's name.
    if (key === 'aws:principalisawsservice') return ['false'];
    return key === 'aws:sourceaccount' || key === 'aws:sourcearn' ? [] : undefined;
  };
}

/** Where a bucket's policy judges by an object's tags, whoever asks for the object tells them. */
export async function tellTags(
  need: Need,
  policy: ResourcePolicy | undefined,
  moto: Pick<Moto, 'endpoint' | 'agent'> | undefined,
): Promise<Need> {
  if (policy === undefined || moto === undefined || !/^s3:GetObject/.test(need.action)) return need;
  const conditions = policy.statements.flatMap((statement) => statement.conditions);
  const asked = conditions.map(({ key }) => key).filter((key) => key.startsWith(OBJECT_TAG));
  if (asked.length === 0) return need;
  const tags = await readTags(moto, need.resource);
  const facts = asked.map((key) => [key, findTag(tags, key.slice(OBJECT_TAG.length))] as const);
  return { ...need, facts: { ...need.facts, ...Object.fromEntries(facts) } };
}

const OBJECT_TAG = 's3:existingobjecttag/';

/** @param object ARN of one; one that is not there has none */
async function readTags(moto: Pick<Moto, 'endpoint' | 'agent'>, object: string) {
  const path = object
    .replace(/^arn:aws:s3:::/, '')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  const text = await new Promise<string>((resolve, reject) => {
    sendRequest(`${moto.endpoint}/${path}?tagging`, { agent: moto.agent }, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part as Buffer);
      resolve(Buffer.concat(parts).toString('utf8'));
    })
      .on('error', reject)
      .end();
  });
  return Object.fromEntries([...text.matchAll(TAG)].map(([, name, value]) => [name!, value!]));
}

const TAG = /<Key>([^<]*)<\/Key>\s*<Value>([^<]*)<\/Value>/g;

function findTag(tags: Readonly<Record<string, string>>, tag: string | undefined): readonly string[] {
  return Object.entries(tags).flatMap(([name, value]) => (name.toLowerCase() === tag ? [value] : []));
}
