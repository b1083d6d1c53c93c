import type { Effect } from './amendment-change';

/** How the two versions of one part of an agreement are held against each other. */
export interface Rule {
  readonly judge: Judge<unknown>;
  /** As people read it; absent: as it is written. */
  readonly say?: (value: unknown) => string;
  /** Who gets or may do more; absent: whom the part is about, where it loosens. */
  readonly gains?: (before: unknown, after: unknown, about: About) => readonly string[];
}

/** Undefined: that version says nothing of it. Both are never alike. */
export type Judge<T> = (before: T | undefined, after: T | undefined) => Effect;

/** Whom a part of an agreement is about. */
export interface About {
  /** Who gives the dataset, if one does. */
  readonly givers: readonly string[];
  /** Who gets it, is the party, or, where it is nobody's, everybody. */
  readonly gainers: readonly string[];
}

/** Rules by place; `*` stands for any name. */
export type Rules = Readonly<Record<string, Rule>>;

/** The place in the plan says what type the value has; nothing else can stand there. */
export function rule<T>(judge: Judge<T>, say?: (value: T) => string, gains?: Rule['gains']): Rule {
  return {
    judge: judge as Judge<unknown>,
    ...(say !== undefined && { say: say as (value: unknown) => string }),
    ...(gains !== undefined && { gains }),
  };
}

/** For what lets those who give give less, or worse. */
export const givers: Rule['gains'] = (_, __, about) => about.givers;
