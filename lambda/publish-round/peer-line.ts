import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Signer } from '../../lib/domain/agreement/signature';
import { PEER_EVENTS } from '../../lib/domain/enforcement/room-events';
import type { PeerMessage } from '../../lib/domain/exchange/peers/read-peer-event';
import { withFormerLegs } from '../../lib/domain/exchange/peers/with-former-legs';
import { CERTIFICATE } from '../../lib/domain/privacy/certificate/hash-files';
import type { ToldBreach } from '../../lib/domain/registry/conduct-records';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { Commitment, ReleaseRecord } from '../../lib/domain/registry/round-records';
import { namePartnerBus } from '../../lib/domain/room/room-names';
import type { Objects } from '../shared/objects';
import { putEvent } from '../shared/put-event';

/** What this room says to the other peers' rooms, and how. */
export interface PeerLine {
  /** The key that its party has by the agreement. */
  readonly signer: () => Promise<Signer>;
  /**
   * Puts what was said of a release on the bus of a party's room; with its certificate, where the leg goes to that party, and with
   * what others have said of the round here, so that nobody says one thing to one and another to the next.
   */
  readonly send: (on: AgreementOnRecord, party: string, said: SaidOfRelease, asks: boolean) => Promise<void>;
  /** Puts what this room has on record of a breach on the bus of a party's room. */
  readonly tellBreach: (on: AgreementOnRecord, party: string, told: ToldBreach) => Promise<void>;
}

export interface SaidOfRelease {
  readonly commitment: Commitment;
  readonly release: ReleaseRecord;
  /** Of the round, from others. */
  readonly heard: readonly Commitment[];
}

interface PeerLineParts {
  readonly events: EventBridgeClient;
  readonly lake: Pick<Objects, 'read'>;
  readonly signer: () => Promise<Signer>;
  /** How the ARNs of the buses of an account begin. */
  readonly busesOf: (account: string) => string;
}

export function openPeerLine({ events, lake, signer, busesOf }: PeerLineParts): PeerLine {
  const put = ({ plan }: AgreementOnRecord, party: string, kind: string, detail: object) => {
    const account = plan.parties.find(({ id }) => id === party)?.account ?? '';
    const bus = `${busesOf(account)}${namePartnerBus(plan.agreement.id)}`;
    return putEvent(events, bus, PEER_EVENTS.source, kind, detail);
  };
  return {
    signer,
    async send(on, party, { commitment, release, heard }, asks) {
      const isReceiver = withFormerLegs(on).legs.find(({ id }) => id === commitment.leg)?.to === party;
      const certificate =
        isReceiver && commitment.says === 'committed'
          ? { certificate: JSON.parse(new TextDecoder().decode(await lake.read(`${release.place}${CERTIFICATE}`))) }
          : {};
      const message: PeerMessage = { commitment, ...certificate, asks, heard };
      await put(on, party, PEER_EVENTS.commitment, message);
    },
    tellBreach: (on, party, told) => put(on, party, PEER_EVENTS.breach, told),
  };
}
