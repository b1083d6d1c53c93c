import type { Principal } from './list-principals';

/**
 * Where a version lets in whom another does not, or shuts out whom, or closes what, that one has. A dataset or a leg that it
 * adds is no such place: nothing is in it before.
 */
export function comparePrincipals(before: readonly Principal[], after: readonly Principal[]): readonly string[] {
  const [was, is] = [byPlace(before), byPlace(after)];
  return [...new Set([...was.keys(), ...is.keys()])].sort().filter((at) => {
    const [old, next] = [was.get(at), is.get(at)];
    return old?.who !== next?.who && (old !== undefined || next?.kind === 'who');
  });
}

function byPlace(principals: readonly Principal[]): ReadonlyMap<string, Principal> {
  return new Map(principals.map((each) => [each.at, each]));
}
