import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnDataSet } from 'aws-cdk-lib/aws-dataexchange';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { goesByDataSet } from '../../domain/agreement/plan/goes-by-data-set';
import type { PlannedLeg } from '../../domain/agreement/plan/plan';
import type { SidePlan } from '../../domain/agreement/plan/plan-for-side';
import { inboxPrefix } from '../../domain/room/inbox-prefix';
import { nameWarehouseRole } from '../../domain/room/room-names';
import { LegKey } from './leg-key';
import { WarehouseRole } from './warehouse-role';

interface AgreementLegProps {
  readonly plan: SidePlan;
  readonly leg: PlannedLeg;
  readonly lake: IBucket;
  /** The room's key. */
  readonly key: IKey;
  /** Who makes releases, and who has subjects erased from them. */
  readonly keyUsers: readonly IRole[];
  /** `<agreement>/<leg>` of the legs whose receiver has set up its warehouse. */
  readonly warehouses: readonly string[];
}

/** What one leg has of its own: a key, and the thing by which the receiver gets its releases. */
export class AgreementLeg extends Construct {
  readonly key: IKey;
  readonly dataSet: CfnDataSet | undefined;

  constructor(scope: Construct, id: string, props: AgreementLegProps) {
    super(scope, id);
    const { plan, leg, lake, key, keyUsers, warehouses } = props;
    const name = `${plan.agreement.id}/${leg.id}`;
    this.key = new LegKey(this, 'Key', name, keyUsers);
    const { via } = leg;
    if (goesByDataSet(leg)) this.dataSet = this.makeDataSet(props);
    if (via.kind === 'snowflake' || via.kind === 'gcs') {
      const isOpen = warehouses.includes(name);
      const roleName = nameWarehouseRole(plan.agreement.id, leg.id);
      new WarehouseRole(this, 'Warehouse', {
        name: roleName,
        leg: name,
        via,
        isOpen,
        lake,
        releases: inboxPrefix(plan.agreement.id, leg),
        key,
      });
    }
  }

  /**
   * One data set for one leg: a grant opens every finished revision of its data set, past ones too. Its automatic export is
   * the receiver's to set up: Data Exchange takes event actions for data sets that one is entitled to, not for one's own.
   */
  private makeDataSet({ plan: { agreement, datasets }, leg }: AgreementLegProps): CfnDataSet {
    const title = datasets.find(({ id }) => id === leg.dataset)?.title ?? leg.dataset;
    const dataSet = new CfnDataSet(this, 'DataSet', {
      assetType: 'S3_SNAPSHOT',
      name: `${agreement.id}/${leg.id}`,
      description: `${title}: what ${leg.from} gives ${leg.to} under ${agreement.id}`,
    });
    dataSet.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return dataSet;
  }
}
