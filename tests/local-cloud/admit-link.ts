import { readCredential } from './identify-call';
import type { LocalRoom } from './start-local-room';

/**
 * Makes known by whose credentials a link is signed: what is then done by it is held against the role that signs links for a
 * function, as the template has it.
 * @param signer the function's folder under `lambda/`
 */
export function admitLink(
  { gateway, templates, environmentOf }: Pick<LocalRoom, 'gateway' | 'templates' | 'environmentOf'>,
  signer: string,
  link: string,
): void {
  const { LINK_ROLE_ARN: arn } = environmentOf(signer);
  const role = templates
    .listResources('AWS::IAM::Role')
    .find(({ stack, id }) => templates.principalOf(stack, id).arn === arn);
  const credential = readCredential({ method: 'GET', url: new URL(link), headers: {}, body: Buffer.alloc(0) });
  const [accessKey] = credential?.split('/') ?? [];
  if (role === undefined || accessKey === undefined) throw new Error(`No role of ${signer} has signed ${link}.`);
  gateway.admit(accessKey, {
    name: `${signer}, by a link`,
    statements: templates.statementsOf(role.stack, role.id),
    principal: templates.principalOf(role.stack, role.id),
    crash: async () => {},
  });
}
