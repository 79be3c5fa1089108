/**
 * What Windows may not have told: a list, or a table by name. Unread is never empty, so nothing may pass for both:
 * tools/reading-rule.js refuses `?? []`, `?.`, `!` and truth of one, and leaves `=== undefined` and `ifRead`.
 */
export type Reading<Collection> = Told<Collection> | undefined;
/** Known to the rule by this mark; whoever reads puts in what it read as it is. */
export type Told<Collection> = Collection & { readonly [told]?: never };
declare const told: unique symbol;

/** What is known of what was read, or what is said where it was not: both have to be written. */
export const ifRead = <Collection extends object, Unread, Known>(
  reading: Collection | null | undefined,
  unread: Unread,
  known: (read: Collection) => Known,
): Unread | Known => (reading === undefined || reading === null ? unread : known(reading));

/** The one of an id in what was read: undefined where it is not there, or nothing was read. */
export const byId = <One extends { id: unknown }>(
  reading: Reading<readonly One[]> | null,
  id: One['id'] | null | undefined,
): One | undefined => ifRead(reading, undefined, (all) => all.find((one) => one.id === id));
