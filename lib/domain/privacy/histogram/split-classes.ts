import { hashPair } from './hash-pair';

/**
 * Splits classes in place, by a key per member; answers their number. Classes are numbered as they first appear, and
 * `first` is given the member that each appears with.
 */
type Splitter = (classOf: Uint32Array, keys: Uint32Array, length: number, first: Uint32Array) => number;

/** Slots to begin with; a table that holds few classes stays small, and in the processor's reach. */
const FIRST_SLOTS = 2 ** 13;
/** A table grows by this when it is half full. */
const GROWTH = 4;

/** `capacity`: the most members that are ever split. */
export function createSplitter(capacity: number): Splitter {
  const most = Math.max(FIRST_SLOTS, 2 ** Math.ceil(Math.log2(2 * capacity + 2)));
  // A slot of the hash table holds its class + 1, so that 0 is a free one.
  let slots = new Uint32Array(FIRST_SLOTS);
  const classes = new Uint32Array(capacity);
  const keysOfClass = new Uint32Array(capacity);
  return (classOf, keys, length, first) => {
    let size = FIRST_SLOTS;
    slots.fill(0, 0, size);
    let count = 0;
    for (let member = 0; member < length; member++) {
      const mask = size - 1;
      const whole = classOf[member]!;
      const key = keys[member]!;
      let slot = hashPair(whole, key) & mask;
      let found = slots[slot]! - 1;
      while (found >= 0 && (keysOfClass[found] !== key || classes[found] !== whole)) {
        slot = (slot + 1) & mask;
        found = slots[slot]! - 1;
      }
      if (found < 0) {
        found = count++;
        first[found] = member;
        slots[slot] = count;
        keysOfClass[found] = key;
        classes[found] = whole;
        if (2 * count >= size && size < most) {
          size = Math.min(most, size * GROWTH);
          if (slots.length < size) slots = new Uint32Array(size);
          place(size, count);
        }
      }
      classOf[member] = found;
    }
    return count;
  };

  function place(size: number, count: number): void {
    slots.fill(0, 0, size);
    for (let index = 0; index < count; index++) {
      let slot = hashPair(classes[index]!, keysOfClass[index]!) & (size - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (size - 1);
      slots[slot] = index + 1;
    }
  }
}
