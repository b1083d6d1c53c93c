import { planAgreement } from '../agreement/plan/plan-agreement';
import { planForSide, type SidePlan } from '../agreement/plan/plan-for-side';
import type { Side } from '../agreement/plan/side';
import type { Agreement } from '../agreement/schema/agreement';
import { errorAt, type Remark } from '../agreement/yaml/remark';
import { drawSftpSession, MAX_SESSION_POLICY } from '../enforcement/doors/sftp-session';
import { INBOXES } from './sftp-folders';
import { MAX_SFTP_USER, nameSftpUser } from './sftp-user';

/** What a session at the room's SFTP server cannot hold, though the agreement by itself is right. */
export function checkSftp(agreement: Agreement, side: Side): Remark[] {
  const plan = planForSide(planAgreement(agreement), side);
  const signingIn = plan.parties.filter(({ sftp }) => sftp !== undefined).map(({ id }) => id);
  return [
    ...plan.datasets
      .filter(({ id, owner }) => id === INBOXES && signingIn.includes(owner))
      .map(({ id }): Remark => {
        const problem = `\`/${INBOXES}\` is where a party finds by SFTP what it receives`;
        return { ...errorAt(['datasets', id], problem, 'Give the dataset another name.'), at: 'key' };
      }),
    ...signingIn.flatMap((party) => [...checkName(plan, party), ...checkPolicy(plan, party)]),
  ];
}

/** Transfer puts the user's name into that of the session. Cut short it would no longer say whose the session is. */
function checkName({ agreement }: SidePlan, party: string): Remark[] {
  const user = nameSftpUser(agreement.id, party);
  if (user.length <= MAX_SFTP_USER) return [];
  const problem = `as \`${user}\`, by which \`${party}\` signs in, logs cannot tell it: a session has room for ${MAX_SFTP_USER} characters`;
  const remedy = "Shorten the agreement's id or the party's, or remove `sftp` here.";
  return [{ ...errorAt(['parties', party, 'sftp'], problem, remedy), at: 'key' }];
}

function checkPolicy(plan: SidePlan, party: string): Remark[] {
  const { folders, policy } = drawSftpSession(plan, party, LONGEST, new Set());
  if (policy.length <= MAX_SESSION_POLICY) return [];
  const problem = `\`${party}\` has ${folders.length} folders by SFTP, and the policy of a session has no room for so many`;
  const remedy = 'Remove `sftp` here (it can deliver by S3, and by links), shorten ids, or make two agreements.';
  return [{ ...errorAt(['parties', party, 'sftp'], problem, remedy), at: 'key' }];
}

/** Names as long as S3 and KMS have them: which they will be is known when they are there. */
const BUCKET = 'x'.repeat(63);
const LONGEST = {
  landing: { name: BUCKET, arn: `arn:aws-us-gov:s3:::${BUCKET}` },
  lake: { name: BUCKET, arn: `arn:aws-us-gov:s3:::${BUCKET}` },
  keyArn: `arn:aws-us-gov:kms:${'x'.repeat(16)}:999900001111:key/${'x'.repeat(36)}`,
};
