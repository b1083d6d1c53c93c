import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { SidePlan } from '../../domain/agreement/plan/plan-for-side';
import { PEER_EVENTS } from '../../domain/enforcement/room-events';
import { listForwardedCalls, RECORDED_CALL } from '../../domain/room/forwarded-calls';
import { FORWARDED_METRIC } from '../../domain/room/forwarded-metric';
import { namePartnerBus } from '../../domain/room/room-names';
import { RoomBus } from '../enforcement/room-bus';
import { raiseAlarm } from '../shared/raise-alarm';

interface PartnerBusProps {
  readonly plan: SidePlan;
  /** 12 digits, where the room's file names it. */
  readonly roomAccount?: string;
  /** In days: how long what was told can be played again. */
  readonly keepEvents: number;
  readonly noticeKey: IKey;
  /** ARN of the queue of what is to be entered in the ledger; it takes events from the rules of all buses of this kind. */
  readonly recorder: string;
  /** Of a peer's room: ARN of the function that hears the other peers' rooms. */
  readonly hearsPeers?: string;
  readonly alerts: ITopic;
}

/**
 * Where the partners' accounts of one agreement tell what became of what they received. They can put those events, and
 * nothing else, and only here. EventBridge would not pass them on over a second bus of this account, so queue and function
 * are told from here: no function that grants is among them, so that no partner can keep one busy.
 */
export class PartnerBus extends Construct {
  constructor(scope: Construct, id: string, props: PartnerBusProps) {
    super(scope, id);
    const { plan, roomAccount, keepEvents, noticeKey, recorder, hearsPeers, alerts } = props;
    const told = hearsPeers === undefined ? FORWARDED : [...FORWARDED, PEERS];
    const { agreement, parties, side } = plan;
    const own = side.kind === 'peer' ? side.party : side.operator;
    const partners = parties.filter(({ id: party, account }) => party !== own && account !== roomAccount);
    const { eventBus } = new RoomBus(this, 'Bus', {
      name: namePartnerBus(agreement.id),
      description: `Barter ${agreement.id}: what partners' accounts tell the room`,
      keepEvents,
      noticeKey,
      isEvidence: true,
      tellers:
        partners.length === 0
          ? []
          : told.map((each) => ({ ...each, accounts: partners.map(({ account }) => account) })),
    });
    new CfnRule(this, 'Tell', {
      eventBusName: eventBus.eventBusName,
      description: `Barter ${agreement.id}: what partners' accounts told of exports and grants goes to the record`,
      // That files arrived is kept in the archive: a partner could have any number of them called in.
      // Nor does it hear of a call that the hand-over does not forward: of these, too, a partner could have any number told.
      eventPattern: {
        $or: [
          { source: [DATA_EXCHANGE], 'detail-type': [{ 'anything-but': [RECORDED_CALL] }] },
          ...listForwardedCalls().map(({ source, names }) => ({
            source: [source],
            'detail-type': [RECORDED_CALL],
            detail: { eventName: names },
          })),
        ],
      },
      targets: [{ id: 'Recorder', arn: recorder }],
    });
    for (const { id: party, account } of partners) this.alarmOn(agreement.id, party, account, alerts);
    if (hearsPeers === undefined) return;
    new CfnRule(this, 'Hear', {
      eventBusName: eventBus.eventBusName,
      description: `Barter ${agreement.id}: what other parties' rooms say`,
      eventPattern: { source: [PEER_EVENTS.source], 'detail-type': SAID },
      targets: [{ id: 'Hear', arn: hearsPeers }],
    });
  }

  /** Nothing that a partner tells is thrown away: one that tells very much could have others' found late. */
  private alarmOn(agreement: string, party: string, account: string, alerts: ITopic): void {
    const { namespace, name, dimension } = FORWARDED_METRIC;
    const metric = new Metric({
      namespace,
      metricName: name,
      dimensionsMap: { [dimension]: account },
      statistic: 'Sum',
      period: Duration.hours(1),
    });
    const what = `the account ${account} of ${party}, a party to ${agreement}, forwards far more events than exports and grants make`;
    raiseAlarm(this, `TellsMuch-${party}`, metric, what, alerts, TOLD_IN_AN_HOUR);
  }
}

/** Events that a partner's account tells in an hour, above which somebody should ask it why: a few hundred are much. */
const TOLD_IN_AN_HOUR = 10_000;

/** What the rooms of other parties put, signed, which is verified by whoever hears it. */
const SAID = [PEER_EVENTS.commitment, PEER_EVENTS.breach];
const PEERS = {
  sid: 'Peers',
  conditions: { 'events:source': [PEER_EVENTS.source], 'events:detail-type': SAID },
};

const DATA_EXCHANGE = 'aws.dataexchange';

/**
 * What the hand-over's rules forward. No account can put events of an `aws.` source, its rules can only pass on those of
 * AWS itself: so Data Exchange's need not be listed by name, some of which AWS writes in two ways.
 */
const FORWARDED = [
  {
    sid: 'Objects',
    conditions: {
      'events:source': listForwardedCalls().flatMap(({ source }) => (source === DATA_EXCHANGE ? [] : [source])),
      'events:detail-type': ['Object Created', RECORDED_CALL],
    },
  },
  { sid: 'Exchange', conditions: { 'events:source': [DATA_EXCHANGE] } },
];
