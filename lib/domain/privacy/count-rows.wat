;; Counts the classes of a block of rows and lists the rows whose class is too small: see `row-kernel.ts`. `npm run kernels`
;; assembles this file.
(module
  (import "row" "memory" (memory 1))

  ;; `keys`: per word that tells classes apart where the words of all rows lie, and which of their bits count. `subjects`: of
  ;; all rows, bytes, or words where `wide`; so are the counts, of which there are 2 ^ (32 - shift). No count goes above
  ;; `least`. Returns how many rows, of `from` up to `to`, were written to `found`.
  (func (export "lose")
    (param $keys i32) (param $keys_end i32) (param $subjects i32) (param $slots i32) (param $counts i32) (param $found i32)
    (param $from i32) (param $to i32) (param $least i32) (param $shift i32) (param $wide i32) (result i32)
    (local $row i32) (local $end i32) (local $chunk i32) (local $key i32) (local $slot i32) (local $sum i32) (local $size i32)
    (local $hash v128)
    (memory.fill (local.get $counts) (i32.const 0)
      (i32.shl (i32.shl (i32.const 1) (i32.sub (i32.const 32) (local.get $shift))) (i32.shl (local.get $wide) (i32.const 1))))
    ;; Slots lie from the block's first row on.
    (local.set $slots (i32.sub (local.get $slots) (i32.shl (local.get $from) (i32.const 2))))
    (local.set $chunk (local.get $from))
    (block $counted (loop $chunks
      (br_if $counted (i32.ge_u (local.get $chunk) (local.get $to)))
      (local.set $end (i32.add (local.get $chunk) (i32.const 1024)))
      (if (i32.gt_u (local.get $end) (local.get $to)) (then (local.set $end (local.get $to))))
      ;; Four rows at a time; what is hashed beyond the last row is not looked at.
      (local.set $row (local.get $chunk))
      (loop $rows
        (local.set $hash (v128.const i32x4 0 0 0 0))
        (local.set $key (local.get $keys))
        (block $hashed (loop $words
          (br_if $hashed (i32.ge_u (local.get $key) (local.get $keys_end)))
          (local.set $hash (i32x4.mul
            (v128.xor
              (v128.xor (local.get $hash) (i32x4.shr_u (local.get $hash) (i32.const 15)))
              (v128.and
                (v128.load align=4 (i32.add (i32.load (local.get $key)) (i32.shl (local.get $row) (i32.const 2))))
                (v128.load32_splat offset=4 (local.get $key))))
            (v128.const i32x4 0x9e3779b1 0x9e3779b1 0x9e3779b1 0x9e3779b1)))
          (local.set $key (i32.add (local.get $key) (i32.const 8)))
          (br $words)))
        (v128.store align=4 (i32.add (local.get $slots) (i32.shl (local.get $row) (i32.const 2)))
          (i32x4.shr_u (local.get $hash) (local.get $shift)))
        (local.set $row (i32.add (local.get $row) (i32.const 4)))
        (br_if $rows (i32.lt_u (local.get $row) (local.get $end))))
      (local.set $row (local.get $chunk))
      (if (local.get $wide)
        (then (loop $rows
          (local.set $slot (i32.add (local.get $counts)
            (i32.shl (i32.load (i32.add (local.get $slots) (i32.shl (local.get $row) (i32.const 2)))) (i32.const 2))))
          (local.set $sum (i32.add
            (i32.load (local.get $slot))
            (i32.load (i32.add (local.get $subjects) (i32.shl (local.get $row) (i32.const 2))))))
          (i32.store (local.get $slot)
            (select (local.get $sum) (local.get $least) (i32.lt_u (local.get $sum) (local.get $least))))
          (local.set $row (i32.add (local.get $row) (i32.const 1)))
          (br_if $rows (i32.lt_u (local.get $row) (local.get $end)))))
        (else (loop $rows
          (local.set $slot (i32.add (local.get $counts)
            (i32.load (i32.add (local.get $slots) (i32.shl (local.get $row) (i32.const 2))))))
          (local.set $sum (i32.add
            (i32.load8_u (local.get $slot))
            (i32.load8_u (i32.add (local.get $subjects) (local.get $row)))))
          (i32.store8 (local.get $slot)
            (select (local.get $sum) (local.get $least) (i32.lt_u (local.get $sum) (local.get $least))))
          (local.set $row (i32.add (local.get $row) (i32.const 1)))
          (br_if $rows (i32.lt_u (local.get $row) (local.get $end))))))
      (local.set $chunk (local.get $end))
      (br $chunks)))
    ;; Every row is written, and the next over it where its class is large enough: no branch could be foretold.
    (local.set $row (local.get $from))
    (block $listed
      (br_if $listed (i32.ge_u (local.get $row) (local.get $to)))
      (if (local.get $wide)
        (then (loop $rows
          (i32.store (i32.add (local.get $found) (i32.shl (local.get $size) (i32.const 2))) (local.get $row))
          (local.set $size (i32.add (local.get $size) (i32.lt_u
            (i32.load (i32.add (local.get $counts)
              (i32.shl (i32.load (i32.add (local.get $slots) (i32.shl (local.get $row) (i32.const 2)))) (i32.const 2))))
            (local.get $least))))
          (local.set $row (i32.add (local.get $row) (i32.const 1)))
          (br_if $rows (i32.lt_u (local.get $row) (local.get $to)))))
        (else (loop $rows
          (i32.store (i32.add (local.get $found) (i32.shl (local.get $size) (i32.const 2))) (local.get $row))
          (local.set $size (i32.add (local.get $size) (i32.lt_u
            (i32.load8_u (i32.add (local.get $counts)
              (i32.load (i32.add (local.get $slots) (i32.shl (local.get $row) (i32.const 2))))))
            (local.get $least))))
          (local.set $row (i32.add (local.get $row) (i32.const 1)))
          (br_if $rows (i32.lt_u (local.get $row) (local.get $to)))))))
    (local.get $size)))
