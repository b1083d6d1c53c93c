import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnArchive, CfnEventBus, EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

interface RoomBusProps {
  readonly name: string;
  readonly description: string;
  /** In days: how long what was told can be played again. */
  readonly keepEvents: number;
  readonly noticeKey: IKey;
  /** Who may put events on it from outside of this account, on what conditions; nobody, if left out. */
  readonly tellers?: readonly BusTellers[];
  /** Whether its archive is kept when its stack goes: then the bus stays too, because an archive hangs on it. */
  readonly isEvidence?: boolean;
}

/** Accounts that may put events, and what those must be. One statement for all of them: a bus takes 10,240 characters. */
interface BusTellers {
  readonly sid: string;
  /** 12 digits each. */
  readonly accounts: readonly string[];
  readonly conditions: Readonly<Record<string, readonly string[]>>;
}

/**
 * An event bus and its archive, both under the room's key for notices. Drawn from L1: the library's bus would write
 * itself into the policy of that key, which belongs to an earlier stack.
 */
export class RoomBus extends Construct {
  readonly eventBus: IEventBus;

  constructor(scope: Construct, id: string, props: RoomBusProps) {
    super(scope, id);
    const { name, description, keepEvents, noticeKey, tellers = [], isEvidence = false } = props;
    const bus = new CfnEventBus(this, 'Resource', {
      name,
      description,
      kmsKeyIdentifier: noticeKey.keyArn,
      ...(tellers.length === 0 ? {} : { policy: this.admit(name, tellers) }),
    });
    const archive = new CfnArchive(this, 'Archive', {
      sourceArn: bus.attrArn,
      description: `${description}, to be played again`,
      retentionDays: keepEvents,
      kmsKeyIdentifier: noticeKey.keyArn,
    });
    // A first deployment that fails leaves neither: the next could not make a bus of this name.
    if (isEvidence)
      for (const kept of [bus, archive]) kept.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    this.eventBus = EventBus.fromEventBusAttributes(this, 'Bus', {
      eventBusArn: bus.attrArn,
      eventBusName: bus.ref,
      eventBusPolicy: '',
    });
  }

  private admit(name: string, tellers: readonly BusTellers[]): object {
    const stack = Stack.of(this);
    return {
      Version: '2012-10-17',
      Statement: tellers.map(({ sid, accounts, conditions }) => ({
        Sid: sid,
        Effect: 'Allow',
        Principal: {
          AWS: accounts.map((account) => stack.formatArn({ service: 'iam', region: '', account, resource: 'root' })),
        },
        Action: 'events:PutEvents',
        Resource: stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: name }),
        Condition: { StringEquals: conditions },
      })),
    };
  }
}
