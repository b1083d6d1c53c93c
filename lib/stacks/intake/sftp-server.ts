import { Annotations, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { CfnServer } from 'aws-cdk-lib/aws-transfer';
import { Construct } from 'constructs';
import type { SftpEndpoint } from '../../domain/room/room';

interface SftpServerProps {
  readonly endpoint: SftpEndpoint;
  /** Says who may sign in, and to what. */
  readonly authorizer: LambdaFunction;
  /** Is told of whom the server did not let in: it checks keys by itself, after the authorizer has answered. */
  readonly noteRefused: LambdaFunction;
  /** Ranges that the agreements let sign in: what the firewall of an endpoint in a VPC lets through. */
  readonly cidrs: readonly string[];
  readonly noticeKey: IKey;
}

/** The SFTP server: by key and never by password, with current ciphers, and a log of every command. */
export class SftpServer extends Construct {
  readonly serverId: string;
  /** Of every command. */
  readonly log: ILogGroup;

  constructor(scope: Construct, id: string, { endpoint, authorizer, noteRefused, cidrs, noticeKey }: SftpServerProps) {
    super(scope, id);
    const log = new LogGroup(this, 'Log', {
      encryptionKey: noticeKey,
      retention: RetentionDays.THIRTEEN_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    log.addSubscriptionFilter('Refused', {
      destination: new LambdaDestination(noteRefused),
      filterPattern: FilterPattern.anyTerm('AUTH_FAILURE'),
    });
    this.log = log;
    const { account, region, partition } = Stack.of(this);
    const { policyDependable } = log.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [log.logGroupArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:logs:${region}:${account}:*` },
        },
      }),
    );
    const server = new CfnServer(this, 'Server', {
      domain: 'S3',
      protocols: ['SFTP'],
      identityProviderType: 'AWS_LAMBDA',
      identityProviderDetails: { function: authorizer.functionArn, sftpAuthenticationMethods: 'PUBLIC_KEY' },
      securityPolicyName: 'TransferSecurityPolicy-2025-03',
      structuredLogDestinations: [log.logGroupArn],
      // Clients that set a file's time after an upload would otherwise see it fail: S3 keeps no such thing.
      protocolDetails: { setStatOption: 'ENABLE_NO_OP' },
      ...(endpoint.kind === 'vpc' ? this.placeInVpc(endpoint, cidrs) : { endpointType: 'PUBLIC' }),
    });
    if (policyDependable !== undefined) server.node.addDependency(policyDependable);
    authorizer.addPermission('SftpServer', {
      principal: new ServicePrincipal('transfer.amazonaws.com'),
      sourceArn: server.attrArn,
      sourceAccount: account,
    });
    this.serverId = server.attrServerId;
  }

  private placeInVpc({ vpcId, subnetIds }: Extract<SftpEndpoint, { readonly kind: 'vpc' }>, cidrs: readonly string[]) {
    if (cidrs.length > MAX_RULES) {
      Annotations.of(this).addError(
        `The agreements let ${cidrs.length} address ranges sign in, and a security group takes ${MAX_RULES}. Write \`sftp: { endpoint: public }\` in the room's file: every range is checked at sign-in either way.`,
      );
    }
    const firewall = new CfnSecurityGroup(this, 'Firewall', {
      vpcId,
      groupDescription: 'Barter room: SFTP from the ranges that the agreements name',
      securityGroupIngress: cidrs.map((cidr) => ({
        ...(cidr.includes(':') ? { cidrIpv6: cidr } : { cidrIp: cidr }),
        ipProtocol: 'tcp',
        fromPort: 22,
        toPort: 22,
        description: 'SFTP of a party',
      })),
      // An endpoint answers and never calls: without a rule of ours the default would let it call anywhere.
      securityGroupEgress: [
        { cidrIp: '127.0.0.1/32', ipProtocol: 'tcp', fromPort: 1, toPort: 1, description: 'Nothing goes out' },
      ],
    });
    return {
      endpointType: 'VPC',
      endpointDetails: { vpcId, subnetIds: [...subnetIds], securityGroupIds: [firewall.attrGroupId] },
    };
  }
}

/** Of a security group, unless the account has asked for more. */
const MAX_RULES = 60;
