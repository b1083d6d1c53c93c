import { formatTilePath, listTiles, tileWidth } from '../../../../lib/domain/audit/ledger/tile';

describe('tile paths of tlog-tiles', () => {
  it.each([
    [{ level: 0, index: 1234067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 0, index: 273, width: 112 }, 'tile/0/273.p/112'],
    [{ level: 2, index: 0, width: 1 }, 'tile/2/000.p/1'],
    [{ level: 'entries', index: 1000, width: 256 }, 'tile/entries/x001/000'],
  ] as const)('%j is %s', (tile, path) => {
    expect(formatTilePath(tile)).toBe(path);
  });

  it('70,000 entries make the tiles of the specification’s example', () => {
    const tiles = [...listTiles(70_000)].filter(({ level }) => level !== 'entries');
    const count = (level: number, full: boolean) =>
      tiles.filter((tile) => tile.level === level && (tile.width === 256) === full).length;
    expect([count(0, true), count(0, false), count(1, true), count(1, false), count(2, false)]).toEqual([
      273, 1, 1, 1, 1,
    ]);
    expect([tileWidth(0, 273, 70_000), tileWidth(1, 1, 70_000), tileWidth(2, 0, 70_000)]).toEqual([112, 17, 1]);
  });

  it('256 entries make a full tile and one hash above', () => {
    expect([...listTiles(256)].map(formatTilePath)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1']);
  });

  it('no entry makes no tile', () => {
    expect([...listTiles(0)]).toEqual([]);
  });
});
