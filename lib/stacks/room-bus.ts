import { CfnArchive, CfnEventBus, EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface RoomBusProps {
  readonly name: string;
  readonly description: string;
  /** In days: how long what was told can be played again. */
  readonly keepEvents: number;
  readonly noticeKey: IKey;
}

/**
 * An event bus and its archive, both under the room's key for notices. Drawn from L1: the library's bus would write
 * itself into the policy of that key, which belongs to an earlier stack.
 */
export class RoomBus extends Construct {
  readonly eventBus: IEventBus;

  constructor(scope: Construct, id: string, { name, description, keepEvents, noticeKey }: RoomBusProps) {
    super(scope, id);
    const bus = new CfnEventBus(this, 'Resource', { name, description, kmsKeyIdentifier: noticeKey.keyArn });
    new CfnArchive(this, 'Archive', {
      sourceArn: bus.attrArn,
      description: `${description}, to be played again`,
      retentionDays: keepEvents,
      kmsKeyIdentifier: noticeKey.keyArn,
    });
    this.eventBus = EventBus.fromEventBusAttributes(this, 'Bus', {
      eventBusArn: bus.attrArn,
      eventBusName: bus.ref,
      eventBusPolicy: '',
    });
  }
}
