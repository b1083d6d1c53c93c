import {
  CustomResource,
  DefaultStackSynthesizer,
  Duration,
  Fn,
  Stack,
  type StackProps,
  Validations,
} from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type IRole, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnResource as CfnLocation, CfnTag } from 'aws-cdk-lib/aws-lakeformation';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { SENSITIVITIES, SENSITIVITY } from '../../domain/room/lake-tags';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import { RoomFunction } from '../shared/room-function';
import { watchFunctions } from '../shared/watch-functions';

interface CatalogueStackProps extends StackProps {
  readonly key: IKey;
  readonly noticeKey: IKey;
  readonly lake: IBucket;
  /** As which entitlements are granted and taken back. */
  readonly grantor: IRole;
  readonly alerts: ITopic;
}

/**
 * What the catalogues of all agreements rest on: who administers the data lake, what its default permissions are, and the
 * role by which Lake Formation reads releases. The landing bucket is not registered: no grant of Lake Formation, whoever
 * makes it, opens raw data.
 */
export class CatalogueStack extends Stack {
  readonly alarms: readonly IAlarm[];

  constructor(scope: Construct, id: string, { key, noticeKey, lake, grantor, alerts, ...props }: CatalogueStackProps) {
    super(scope, id, props);
    const settings = this.configureDataLake(noticeKey, grantor);
    const reader = new Role(this, 'Reader', {
      description: 'Barter room: by which Lake Formation reads releases for whom it was granted',
      assumedBy: new ServicePrincipal('lakeformation.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
      // Who was handed credentials reads with them for as long, whatever is taken back meanwhile.
      maxSessionDuration: Duration.hours(1),
    });
    // The source identity is how an object read for somebody is told apart in the trail from one read for somebody else.
    reader.assumeRolePolicy?.addStatements(
      new PolicyStatement({
        principals: [new ServicePrincipal('lakeformation.amazonaws.com')],
        actions: ['sts:SetContext', 'sts:SetSourceIdentity'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    const reading = new Policy(this, 'Reading', {
      roles: [reader],
      statements: [
        new PolicyStatement({ actions: ['s3:GetObject'], resources: [lake.arnForObjects('*')] }),
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [lake.bucketArn] }),
        new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }),
      ],
    });
    acknowledgeWildcards(
      reading,
      ['/*'],
      'The bucket holds releases and nothing else; Lake Formation narrows every read to what was granted.',
    );
    const location = new CfnLocation(this, 'Location', {
      resourceArn: lake.bucketArn,
      roleArn: reader.roleArn,
      useServiceLinkedRole: false,
      hybridAccessEnabled: false,
    });
    location.node.addDependency(settings, reading);
    const sensitivity = new CfnTag(this, 'Sensitivity', { tagKey: SENSITIVITY, tagValues: [...SENSITIVITIES] });
    sensitivity.node.addDependency(settings);
    this.alarms = watchFunctions(this, alerts);
  }

  private configureDataLake(noticeKey: IKey, grantor: IRole): CustomResource {
    const configure = new RoomFunction(this, 'Configure', {
      handler: 'configure-data-lake',
      description: 'sets who administers the data lake, and takes away its default permissions',
      noticeKey,
      isAsync: false,
      statements: [
        new PolicyStatement({
          actions: ['lakeformation:GetDataLakeSettings', 'lakeformation:PutDataLakeSettings'],
          resources: ['*'],
        }),
      ],
    });
    Validations.of(configure.permissions).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Lake Formation has no resources in IAM: there is one list of settings in an account.',
    });
    return new CustomResource(this, 'Settings', {
      serviceToken: configure.functionArn,
      resourceType: 'Custom::DataLakeSettings',
      serviceTimeout: Duration.minutes(5),
      // Only an administrator changes filters and grants on tables that another made.
      properties: { Admins: [this.deployRole(), grantor.roleArn] },
    });
  }

  /** The role by which CloudFormation makes this stack and every agreement's: it creates databases, tags and filters. */
  private deployRole(): string {
    const { bootstrapQualifier = DefaultStackSynthesizer.DEFAULT_QUALIFIER } = this.synthesizer;
    const arn = DefaultStackSynthesizer.DEFAULT_CLOUDFORMATION_ROLE_ARN.replace(/\$\{Qualifier\}/, bootstrapQualifier);
    return Fn.sub(arn);
  }
}
