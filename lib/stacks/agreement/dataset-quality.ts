import { CfnDataQualityRuleset } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { formatRuleset, writeDataQuality } from '../../domain/agreement/expressions/write-data-quality';
import type { SidePlan } from '../../domain/agreement/plan/plan-for-side';

/** The agreement's checks as rulesets of Glue Data Quality, one for each dataset of this side that has any. */
export class DatasetQuality extends Construct {
  constructor(scope: Construct, id: string, { agreement, datasets }: SidePlan) {
    super(scope, id);
    for (const dataset of datasets) {
      const { rules, unsaid } = writeDataQuality(dataset);
      if (rules.length === 0) continue;
      const besides = unsaid.length === 0 ? '' : `; ${unsaid.length} more checks are in cleaning alone`;
      new CfnDataQualityRuleset(this, dataset.id, {
        // A point: no id has one, so no two pairs of ids make one name.
        name: `barter-${agreement.id}.${dataset.id}`,
        description: `Barter ${agreement.id}: what rows of ${dataset.id} must keep${besides}`,
        ruleset: formatRuleset(rules),
      });
    }
  }
}
