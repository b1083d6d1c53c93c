/** Per place the groups that it is in: `listed` are the places of all groups, one group after the other. */
export function invertGroups(
  groups: Uint32Array,
  listed: Uint32Array,
  places: number,
): { readonly offsets: Uint32Array; readonly members: Uint32Array } {
  const offsets = new Uint32Array(places + 1);
  for (const place of listed) offsets[place + 1]! += 1;
  for (let place = 0; place < places; place++) offsets[place + 1]! += offsets[place]!;
  const next = offsets.slice();
  const members = new Uint32Array(listed.length);
  for (let group = 0; group + 1 < groups.length; group++) {
    for (let at = groups[group]!; at < groups[group + 1]!; at++) members[next[listed[at]!]!++] = group;
  }
  return { offsets, members };
}
