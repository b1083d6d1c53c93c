import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { namePartnerBus } from '../../domain/room/room-names';
import type { RoomFunction } from '../shared/room-function';

/** One permission for the rules of all agreements' buses: a function's policy has no room for one each. */
export function hearPartners(fn: RoomFunction): void {
  const stack = Stack.of(fn);
  fn.addPermission('Partners', {
    principal: new ServicePrincipal('events.amazonaws.com'),
    sourceAccount: stack.account,
    sourceArn: stack.formatArn({ service: 'events', resource: 'rule', resourceName: namePartnerBus('*') }),
  });
}
