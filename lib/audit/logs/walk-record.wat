;; Walks one record of a log, 64 bytes at a time, and lists where its keys end. What it may not meet is a backslash: texts
;; with escapes are for the splitter, byte by byte. `npm run kernels` assembles this file.
(module
  ;; Input from byte 64 on: what is looked at before a colon is then never before the memory.
  (memory (export "memory") 7)

  ;; Which of the keys that are looked for ends before this colon, by its number in `record-marks.ts`; 0: none of them. 15: a
  ;; text that does not end right before it may be any. No text has an escape, so that a quote is a quote.
  (func $find_key (param $colon i32) (result i32)
    (local $word i32)
    (if (i32.ne (i32.load8_u (i32.sub (local.get $colon) (i32.const 1))) (i32.const 0x22)) (then (return (i32.const 15))))
    ;; The last four bytes of the key rule most out.
    (local.set $word (i32.load (i32.sub (local.get $colon) (i32.const 5))))
    (if (i32.eq (local.get $word) (i32.const 0x65637275)) (then ;; eventSource
      (if (i32.and
        (i32.eq (i32.load8_u (i32.sub (local.get $colon) (i32.const 13))) (i32.const 0x22))
        (i64.eq (i64.load (i32.sub (local.get $colon) (i32.const 12))) (i64.const 0x756f53746e657665)))
        (then (return (i32.const 1))))))
    (if (i32.eq (local.get $word) (i32.const 0x656d614e)) (then ;; eventName
      (if (i32.and
        (i32.eq (i32.load8_u (i32.sub (local.get $colon) (i32.const 11))) (i32.const 0x22))
        (i64.eq (i64.load (i32.sub (local.get $colon) (i32.const 10))) (i64.const 0x6d614e746e657665)))
        (then (return (i32.const 2))))))
    (if (i32.eq (local.get $word) (i32.const 0x656d614e)) (then ;; lakeFormationRoleSessionName
      (if (i32.and
        (i32.and
        (i32.and
        (i32.eq (i32.load8_u (i32.sub (local.get $colon) (i32.const 30))) (i32.const 0x22))
        (i64.eq (i64.load (i32.sub (local.get $colon) (i32.const 29))) (i64.const 0x6d726f46656b616c)))
        (i64.eq (i64.load (i32.sub (local.get $colon) (i32.const 21))) (i64.const 0x6c6f526e6f697461)))
        (i64.eq (i64.load (i32.sub (local.get $colon) (i32.const 13))) (i64.const 0x6e6f697373655365)))
        (then (return (i32.const 8))))))
    (if (i32.eq (local.get $word) (i32.const 0x79726f67)) (then ;; eventCategory
      (if (i32.and
        (i32.and
        (i32.eq (i32.load8_u (i32.sub (local.get $colon) (i32.const 15))) (i32.const 0x22))
        (i64.eq (i64.load (i32.sub (local.get $colon) (i32.const 14))) (i64.const 0x746143746e657665)))
        (i64.eq (i64.load (i32.sub (local.get $colon) (i32.const 9))) (i64.const 0x79726f6765746143)))
        (then (return (i32.const 3))))))
    (if (i32.eq (local.get $word) (i32.const 0x6449746e)) (then ;; accountId
      (if (i32.and
        (i32.eq (i32.load8_u (i32.sub (local.get $colon) (i32.const 11))) (i32.const 0x22))
        (i64.eq (i64.load (i32.sub (local.get $colon) (i32.const 10))) (i64.const 0x49746e756f636361)))
        (then (return (i32.const 4))))))
    (if (i32.eq (local.get $word) (i32.const 0x65707974)) (then ;; type
      (if (i32.eq (i32.load8_u (i32.sub (local.get $colon) (i32.const 6))) (i32.const 0x22))
        (then (return (i32.const 5))))))
    (if (i32.eq (local.get $word) (i32.const 0x6e726122)) (then (return (i32.const 6)))) ;; arn
    (if (i32.eq (local.get $word) (i32.const 0x79746974)) (then ;; sourceIdentity
      (if (i32.and
        (i32.and
        (i32.eq (i32.load8_u (i32.sub (local.get $colon) (i32.const 16))) (i32.const 0x22))
        (i64.eq (i64.load (i32.sub (local.get $colon) (i32.const 15))) (i64.const 0x6449656372756f73)))
        (i64.eq (i64.load (i32.sub (local.get $colon) (i32.const 9))) (i64.const 0x797469746e656449)))
        (then (return (i32.const 7))))))
    (if (i32.eq (local.get $word) (i32.const 0x79746974)) (then ;; userIdentity
      (if (i32.and
        (i32.eq (i32.load8_u (i32.sub (local.get $colon) (i32.const 14))) (i32.const 0x22))
        (i64.eq (i64.load (i32.sub (local.get $colon) (i32.const 13))) (i64.const 0x6e65644972657375)))
        (then (return (i32.const 9))))))
    (if (i32.eq (local.get $word) (i32.const 0x656d614e)) (then ;; bucketName
      (if (i32.and
        (i32.eq (i32.load8_u (i32.sub (local.get $colon) (i32.const 12))) (i32.const 0x22))
        (i64.eq (i64.load (i32.sub (local.get $colon) (i32.const 11))) (i64.const 0x614e74656b637562)))
        (then (return (i32.const 10))))))
    (if (i32.eq (local.get $word) (i32.const 0x656d6954)) (then ;; eventTime
      (if (i32.and
        (i32.eq (i32.load8_u (i32.sub (local.get $colon) (i32.const 11))) (i32.const 0x22))
        (i64.eq (i64.load (i32.sub (local.get $colon) (i32.const 10))) (i64.const 0x6d6954746e657665)))
        (then (return (i32.const 11))))))
    (i32.const 0))

  ;; From behind the opening bracket of a record to behind its closing one; 0: it does not end before `end`; -1: it has a
  ;; backslash, or more keys than there is room for, wherever it ends. Of every key that is looked for it leaves at `out` where its colon is,
  ;; and 16 times its depth (1: of the record itself) and its number; where others of the record itself stand between, one of
  ;; these with 0. `room` is how many fit. Before `out` it leaves their number.
  (func (export "walk") (param $at i32) (param $end i32) (param $out i32) (param $room i32) (result i32)
    (local $texts i64) (local $inside i64) (local $opens i64) (local $closes i64) (local $bits i64) (local $valid i64)
    (local $bit i64) (local $part0 v128) (local $part1 v128) (local $part2 v128) (local $part3 v128)
    (local $lower0 v128) (local $lower1 v128) (local $lower2 v128) (local $lower3 v128) (local $depth i32) (local $colon i32) (local $left i32) (local $to i32) (local $sought i32)
    (local $last i32)
    (local.set $depth (i32.const 1))
    (local.set $to (local.get $out))
    (block $never
    (block $none
      (loop $blocks
        (br_if $none (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $left (i32.sub (local.get $end) (local.get $at)))
        (local.set $valid (i64.const -1))
        (if (i32.lt_u (local.get $left) (i32.const 64))
          (then (local.set $valid
            (i64.sub (i64.shl (i64.const 1) (i64.extend_i32_u (local.get $left))) (i64.const 1)))))
        (local.set $part0 (v128.load offset=0 (local.get $at)))
        (local.set $part1 (v128.load offset=16 (local.get $at)))
        (local.set $part2 (v128.load offset=32 (local.get $at)))
        (local.set $part3 (v128.load offset=48 (local.get $at)))
        (br_if $never (i64.ne (i64.const 0) (i64.and (local.get $valid) (i64.or
          (i64.or (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $part0) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92))))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $part1) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92)))) (i64.const 16)))
          (i64.or
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $part2) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92)))) (i64.const 32))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $part3) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92)))) (i64.const 48)))))))
        ;; Bits between quotes: each is the parity of the quotes up to it.
        (local.set $texts (i64.or
          (i64.or (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $part0) (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34))))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $part1) (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34)))) (i64.const 16)))
          (i64.or
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $part2) (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34)))) (i64.const 32))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $part3) (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34)))) (i64.const 48)))))
        (local.set $texts (i64.xor (local.get $texts) (i64.shl (local.get $texts) (i64.const 1))))
        (local.set $texts (i64.xor (local.get $texts) (i64.shl (local.get $texts) (i64.const 2))))
        (local.set $texts (i64.xor (local.get $texts) (i64.shl (local.get $texts) (i64.const 4))))
        (local.set $texts (i64.xor (local.get $texts) (i64.shl (local.get $texts) (i64.const 8))))
        (local.set $texts (i64.xor (local.get $texts) (i64.shl (local.get $texts) (i64.const 16))))
        (local.set $texts (i64.xor (local.get $texts) (i64.shl (local.get $texts) (i64.const 32))))
        (local.set $texts (i64.xor (local.get $texts) (local.get $inside)))
        (local.set $inside (i64.shr_s (local.get $texts) (i64.const 63)))
        (local.set $valid (i64.and (local.get $valid) (i64.xor (local.get $texts) (i64.const -1))))
        ;; Brackets: `[` and `{` differ in 0x20 alone, and so do `]` and `}`.
        (local.set $lower0 (v128.or (local.get $part0) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32)))
        (local.set $lower1 (v128.or (local.get $part1) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32)))
        (local.set $lower2 (v128.or (local.get $part2) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32)))
        (local.set $lower3 (v128.or (local.get $part3) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32)))
        (local.set $opens (i64.and (local.get $valid) (i64.or
          (i64.or (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $lower0) (v128.const i8x16 123 123 123 123 123 123 123 123 123 123 123 123 123 123 123 123))))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $lower1) (v128.const i8x16 123 123 123 123 123 123 123 123 123 123 123 123 123 123 123 123)))) (i64.const 16)))
          (i64.or
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $lower2) (v128.const i8x16 123 123 123 123 123 123 123 123 123 123 123 123 123 123 123 123)))) (i64.const 32))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $lower3) (v128.const i8x16 123 123 123 123 123 123 123 123 123 123 123 123 123 123 123 123)))) (i64.const 48))))))
        (local.set $closes (i64.and (local.get $valid) (i64.or
          (i64.or (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $lower0) (v128.const i8x16 125 125 125 125 125 125 125 125 125 125 125 125 125 125 125 125))))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $lower1) (v128.const i8x16 125 125 125 125 125 125 125 125 125 125 125 125 125 125 125 125)))) (i64.const 16)))
          (i64.or
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $lower2) (v128.const i8x16 125 125 125 125 125 125 125 125 125 125 125 125 125 125 125 125)))) (i64.const 32))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $lower3) (v128.const i8x16 125 125 125 125 125 125 125 125 125 125 125 125 125 125 125 125)))) (i64.const 48))))))
        (local.set $bits (i64.or
          (i64.or (local.get $opens) (local.get $closes))
          (i64.and (local.get $valid) (i64.or
          (i64.or (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $part0) (v128.const i8x16 58 58 58 58 58 58 58 58 58 58 58 58 58 58 58 58))))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $part1) (v128.const i8x16 58 58 58 58 58 58 58 58 58 58 58 58 58 58 58 58)))) (i64.const 16)))
          (i64.or
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $part2) (v128.const i8x16 58 58 58 58 58 58 58 58 58 58 58 58 58 58 58 58)))) (i64.const 32))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $part3) (v128.const i8x16 58 58 58 58 58 58 58 58 58 58 58 58 58 58 58 58)))) (i64.const 48)))))))
        (block $done
          (loop $each
            (br_if $done (i64.eqz (local.get $bits)))
            (local.set $bit (i64.and (local.get $bits) (i64.sub (i64.const 0) (local.get $bits))))
            (local.set $colon
              (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $bits)))))
            (local.set $bits (i64.xor (local.get $bits) (local.get $bit)))
            (if (i64.ne (i64.const 0) (i64.and (local.get $opens) (local.get $bit)))
              (then
                (local.set $depth (i32.add (local.get $depth) (i32.const 1)))
                (br $each)))
            (if (i64.ne (i64.const 0) (i64.and (local.get $closes) (local.get $bit)))
              (then
                (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
                (br_if $each (local.get $depth))
                (i32.store (i32.sub (local.get $out) (i32.const 4))
                  (i32.shr_u (i32.sub (local.get $to) (local.get $out)) (i32.const 3)))
                (return (i32.add (local.get $colon) (i32.const 1)))))
            (local.set $sought (call $find_key (local.get $colon)))
            (br_if $each (i32.eqz (i32.or (local.get $sought) (i32.eq (local.get $depth) (i32.const 1)))))
            ;; Of several that are not looked for, one after the other, the first says all.
            (br_if $each (i32.eqz (i32.or (local.get $sought) (local.get $last))))
            (local.set $last (local.get $sought))
            (br_if $never (i32.eqz (local.get $room)))
            (local.set $room (i32.sub (local.get $room) (i32.const 1)))
            (i32.store (local.get $to) (local.get $colon))
            (i32.store offset=4 (local.get $to) (select
              (i32.or (i32.shl (local.get $depth) (i32.const 4)) (local.get $sought)) (i32.const 0) (local.get $sought)))
            (local.set $to (i32.add (local.get $to) (i32.const 8)))
            (br $each)))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $blocks)))
    (return (i32.const 0)))
    (i32.const -1)))
