import { S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { LINK_SESSION_SECONDS, nameLinkSession } from '../../lib/domain/enforcement/doors/link-session';

/** What is signed: by which decision, when, and whose the bucket is. */
export interface LinkSigning {
  /** Id of the decision. */
  readonly decision: string;
  readonly at: Date;
  /** 12 digits. */
  readonly roomAccount: string;
}

/** With what links are signed. */
export interface LinkPlaces {
  /** ARN of the role whose sessions sign. */
  readonly role: string;
  readonly bucket: string;
  readonly region: string;
}

/** Takes on the role that signs links, in a session named for the decision: what is done by them is known by it in every log. */
export async function openLinkSigner(
  sts: STSClient,
  { role, region }: Omit<LinkPlaces, 'bucket'>,
  decision: string,
): Promise<S3Client> {
  const session = { RoleArn: role, RoleSessionName: nameLinkSession(decision), DurationSeconds: LINK_SESSION_SECONDS };
  const { Credentials } = await sts.send(new AssumeRoleCommand(session));
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken } = Credentials ?? {};
  const credentials = { accessKeyId, secretAccessKey, ...(SessionToken && { sessionToken: SessionToken }) };
  return new S3Client({ region, credentials });
}
