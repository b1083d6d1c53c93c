import {
  App,
  Aws,
  BootstraplessSynthesizer,
  CfnCondition,
  CfnOutput,
  CfnParameter,
  Fn,
  Stack,
  Validations,
} from 'aws-cdk-lib';
import type { Handover } from '../../domain/exchange/handover/plan-handover';
import { type GrantedDataSet, PartnerHandover } from './partner-handover';

/** Of type `object`, because the library's own synthesizers do not fit its interface under exact optional types. */
function withoutBootstrap(): object {
  return { synthesizer: new BootstraplessSynthesizer() };
}

/** The hand-over as a template: what is known only later is a parameter, and what depends on it comes when it is filled in. */
class PartnerHandoverStack extends Stack {
  constructor(scope: App, id: string, handover: Handover) {
    const { agreement, party } = handover;
    super(scope, id, {
      description: `Barter ${agreement.id}, version ${agreement.version}: what ${party.id} sets up in its own account`,
      ...withoutBootstrap(),
      analyticsReporting: false,
    });
    const { account, region } = handover.room;
    const usesRegion = handover.gets.some(({ way }) => way === 'export' || way === 'share');
    const { received, comeIn } = new PartnerHandover(this, 'Barter', {
      handover,
      room: {
        account: this.askPlace('RoomAccount', 'AWS account of the room: 12 digits', '[0-9]{12}', account),
        region: usesRegion ? this.askPlace('RoomRegion', 'AWS region of the room', REGION_PATTERN, region) : Aws.REGION,
      },
      dataSets: this.askDataSets(handover),
      ...(handover.gets.some(({ way }) => way === 'share') ? { share: { when: this.askShare() } } : {}),
    });
    Validations.of(this).acknowledge({
      id: 'CloudFormation-Validate::W1030',
      reason:
        'A data set is unknown until its grant is accepted; what takes the empty default comes only with a condition.',
    });
    if (received !== undefined) {
      new CfnOutput(this, 'ReceivedBucket', {
        value: received.bucketName,
        description: 'Where exported releases arrive',
      });
    }
    const description = 'Attach this policy to whoever delivers, or asks the room';
    new CfnOutput(this, 'ComeInPolicy', { value: comeIn.managedPolicyArn, description });
  }

  private askPlace(id: string, description: string, pattern: string, known: string | undefined): string {
    const { valueAsString } = new CfnParameter(this, id, {
      description,
      allowedPattern: pattern,
      ...(known === undefined ? {} : { default: known }),
    });
    return valueAsString;
  }

  private askDataSets({ gets }: Handover): Readonly<Record<string, GrantedDataSet>> {
    const legs = gets.filter(({ way }) => way === 'export').map(({ leg }) => leg);
    const entries = legs.map((leg, index): [string, GrantedDataSet] => {
      // Two ids may differ by nothing but a hyphen or an underscore, which a parameter's name cannot hold.
      const words = namePascal(leg.id);
      const isTaken = legs.slice(0, index).some(({ id }) => namePascal(id) === words);
      const name = `DataSet${words}${isTaken ? `No${index + 1}` : ''}`;
      const { valueAsString } = new CfnParameter(this, name, {
        description: `Id of the data set that accepting the grant of ${leg.id} made in your account; empty until then`,
        default: '',
        allowedPattern: '([0-9a-zA-Z]{30,40})?',
      });
      const expression = Fn.conditionNot(Fn.conditionEquals(valueAsString, ''));
      return [leg.id, { id: valueAsString, when: new CfnCondition(this, `Has${name}`, { expression }) }];
    });
    return Object.fromEntries(entries);
  }

  private askShare(): CfnCondition {
    const { valueAsString } = new CfnParameter(this, 'ShareAccepted', {
      description: "Whether you have accepted the room's share of tables (AWS Resource Access Manager)",
      default: 'no',
      allowedValues: ['no', 'yes'],
    });
    return new CfnCondition(this, 'HasShare', { expression: Fn.conditionEquals(valueAsString, 'yes') });
  }
}

const REGION_PATTERN = '[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}';

function namePascal(id: string): string {
  return id.replaceAll(/(^|[-_]+)([a-z0-9]?)/g, (_, __, letter: string) => letter.toUpperCase());
}

/** The CloudFormation template, as plain data: no assets, nothing to bootstrap. Writes to the given folder while it works. */
export function synthesizeHandover(handover: Handover, outdir: string): object {
  const app = new App({ outdir, analyticsReporting: false, context: FLAGS });
  new PartnerHandoverStack(app, 'Handover', handover);
  const template: object = app.synth().getStackByName('Handover').template;
  return template;
}

/** Of this app's cdk.json, those that shape what is in this template. */
const FLAGS = { '@aws-cdk/core:enablePartitionLiterals': true, 'aws:cdk:enable-path-metadata': false };
