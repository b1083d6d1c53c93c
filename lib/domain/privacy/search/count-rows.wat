;; Counts the classes of a block of rows: see `row-kernel.ts`. `npm run kernels` assembles this file.
;;
;; `keys`: per word that tells classes apart where the words of all rows lie, and which of their bits count. `subjects`: of
;; all rows, bytes, or words where `wide`; so are the counts, of which there are 2 ^ (32 - shift). No count goes above
;; `least`, and all are zero between two calls. Rows are those of `from` up to `to`.
(module
  (import "row" "memory" (memory 1))

  ;; Counts the rows, and leaves where the slot of each lies, from `slots` on.
  (func $count
    (param $keys i32) (param $keys_end i32) (param $subjects i32) (param $slots i32) (param $counts i32)
    (param $from i32) (param $to i32) (param $least i32) (param $shift i32) (param $wide i32)
    (local $row i32) (local $end i32) (local $chunk i32) (local $key i32) (local $slot i32) (local $sum i32)
    (local $hash v128)
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
          (i32x4.add
            (i32x4.splat (local.get $counts))
            (i32x4.shl (i32x4.shr_u (local.get $hash) (local.get $shift)) (i32.shl (local.get $wide) (i32.const 1)))))
        (local.set $row (i32.add (local.get $row) (i32.const 4)))
        (br_if $rows (i32.lt_u (local.get $row) (local.get $end))))
      (local.set $row (local.get $chunk))
      (if (local.get $wide)
        (then (loop $rows
          (local.set $slot (i32.load (i32.add (local.get $slots) (i32.shl (local.get $row) (i32.const 2)))))
          (local.set $sum (i32.add
            (i32.load (local.get $slot))
            (i32.load (i32.add (local.get $subjects) (i32.shl (local.get $row) (i32.const 2))))))
          (i32.store (local.get $slot)
            (select (local.get $sum) (local.get $least) (i32.lt_u (local.get $sum) (local.get $least))))
          (local.set $row (i32.add (local.get $row) (i32.const 1)))
          (br_if $rows (i32.lt_u (local.get $row) (local.get $end)))))
        (else (loop $rows
          (local.set $slot (i32.load (i32.add (local.get $slots) (i32.shl (local.get $row) (i32.const 2)))))
          (local.set $sum (i32.add
            (i32.load8_u (local.get $slot))
            (i32.load8_u (i32.add (local.get $subjects) (local.get $row)))))
          (i32.store8 (local.get $slot)
            (select (local.get $sum) (local.get $least) (i32.lt_u (local.get $sum) (local.get $least))))
          (local.set $row (i32.add (local.get $row) (i32.const 1)))
          (br_if $rows (i32.lt_u (local.get $row) (local.get $end))))))
      (local.set $chunk (local.get $end))
      (br $chunks))))

  ;; Lists the rows whose class is too small, to `found`. Returns how many.
  (func (export "list")
    (param $keys i32) (param $keys_end i32) (param $subjects i32) (param $slots i32) (param $counts i32) (param $found i32)
    (param $from i32) (param $to i32) (param $least i32) (param $shift i32) (param $wide i32) (result i32)
    (local $row i32) (local $size i32)
    (call $count (local.get $keys) (local.get $keys_end) (local.get $subjects) (local.get $slots) (local.get $counts)
      (local.get $from) (local.get $to) (local.get $least) (local.get $shift) (local.get $wide))
    (local.set $slots (i32.sub (local.get $slots) (i32.shl (local.get $from) (i32.const 2))))
    ;; Every row is written, and the next over it where its class is large enough: no branch could be foretold.
    (local.set $row (local.get $from))
    (block $listed
      (br_if $listed (i32.ge_u (local.get $row) (local.get $to)))
      (if (local.get $wide)
        (then (loop $rows
          (i32.store (i32.add (local.get $found) (i32.shl (local.get $size) (i32.const 2))) (local.get $row))
          (local.set $size (i32.add (local.get $size) (i32.lt_u
            (i32.load (i32.load (i32.add (local.get $slots) (i32.shl (local.get $row) (i32.const 2)))))
            (local.get $least))))
          (local.set $row (i32.add (local.get $row) (i32.const 1)))
          (br_if $rows (i32.lt_u (local.get $row) (local.get $to)))))
        (else (loop $rows
          (i32.store (i32.add (local.get $found) (i32.shl (local.get $size) (i32.const 2))) (local.get $row))
          (local.set $size (i32.add (local.get $size) (i32.lt_u
            (i32.load8_u (i32.load (i32.add (local.get $slots) (i32.shl (local.get $row) (i32.const 2)))))
            (local.get $least))))
          (local.set $row (i32.add (local.get $row) (i32.const 1)))
          (br_if $rows (i32.lt_u (local.get $row) (local.get $to)))))))
    (memory.fill (local.get $counts) (i32.const 0)
      (i32.shl (i32.shl (i32.const 1) (i32.sub (i32.const 32) (local.get $shift))) (i32.shl (local.get $wide) (i32.const 1))))
    (local.get $size))

  ;; How many subjects are in classes that are too small. Counts are bytes, `least` no more than 127, and slots 32 at least.
  (func (export "sum")
    (param $keys i32) (param $keys_end i32) (param $subjects i32) (param $slots i32) (param $counts i32)
    (param $from i32) (param $to i32) (param $least i32) (param $shift i32) (result i32)
    (local $at i32) (local $end i32) (local $one v128) (local $other v128) (local $all v128) (local $most v128)
    (call $count (local.get $keys) (local.get $keys_end) (local.get $subjects) (local.get $slots) (local.get $counts)
      (local.get $from) (local.get $to) (local.get $least) (local.get $shift) (i32.const 0))
    (local.set $most (i8x16.splat (local.get $least)))
    (local.set $at (local.get $counts))
    (local.set $end (i32.add (local.get $counts) (i32.shl (i32.const 1) (i32.sub (i32.const 32) (local.get $shift)))))
    (loop $slots
      (local.set $one (v128.load (local.get $at)))
      (local.set $other (v128.load offset=16 (local.get $at)))
      (v128.store (local.get $at) (v128.const i32x4 0 0 0 0))
      (v128.store offset=16 (local.get $at) (v128.const i32x4 0 0 0 0))
      ;; Two that are too small fit in a byte, four in two, and so on.
      (local.set $all (i32x4.add (local.get $all) (i32x4.extadd_pairwise_i16x8_s (i16x8.extadd_pairwise_i8x16_u (i8x16.add
        (v128.and (local.get $one) (i8x16.gt_s (local.get $most) (local.get $one)))
        (v128.and (local.get $other) (i8x16.gt_s (local.get $most) (local.get $other))))))))
      (local.set $at (i32.add (local.get $at) (i32.const 32)))
      (br_if $slots (i32.lt_u (local.get $at) (local.get $end))))
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $all)) (i32x4.extract_lane 1 (local.get $all)))
      (i32.add (i32x4.extract_lane 2 (local.get $all)) (i32x4.extract_lane 3 (local.get $all))))))
