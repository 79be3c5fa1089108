/**
 * Lines of a shell → what they answer. A frame is the bridge's own, its id too. What comes from inside a VM is one text in it
 * (`inside`), read apart from the frame and within limits: a guest speaks for its own calls and for nothing else.
 */
import { z } from 'zod';

/** Characters of a line, here and in bridge.ps1. A thousand VMs take a quarter of it. */
export const LONGEST_LINE = 4 * 2 ** 20;

/** What a guest may say at most. An honest one stays far below: depth 6, a few hundred rows, names and paths. */
export const guestLimits = { depth: 8, rows: 5000, columns: 100, list: 1000, text: 4096 } as const;

export interface Frame {
  readonly id: number;
  /** undefined: torn, or too long. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/**
 * None: noise of the shell's own, which no frame looks like. A line that is no JSON may hold several frames, or half of one: each
 * is taken apart, so that whoever waits for it is told at once. Within a text no quote stands bare, so none begins inside one.
 */
export function framesIn(line: string): readonly Frame[] {
  const begin = line.indexOf(FRAME);
  if (begin < 0) return [];
  const whole = begin === 0 ? frameOf(line) : undefined;
  if (whole?.body) return [whole];
  return line.split(/(?=\{"id":\d)/).flatMap((part) => frameOf(part) ?? []);
}
const FRAME = '{"id":';

function frameOf(part: string): Frame | undefined {
  const [, digits] = /^\{"id":(\d{1,15})[,}]/.exec(part) ?? [];
  if (digits === undefined) return undefined;
  const id = Number(digits);
  const body = jsonOf(part);
  return { id, body: isRecord(body) && body['id'] === id ? body : undefined };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fieldsWith = (text: z.ZodString) =>
  z.object({
    fqid: text.nullish(),
    category: text.nullish(),
    targetName: text.nullish(),
    exceptionType: text.nullish(),
    message: text.nullish(),
    hresult: z.number().nullish(),
    property: text.optional(),
    objects: z.number().optional(),
  });
export type ErrorFields = z.infer<ReturnType<typeof fieldsWith>>;

const replyWith = <Rows extends z.ZodType<unknown[][]>>(
  fields: ReturnType<typeof fieldsWith>,
  rows: Rows,
  most: number,
) =>
  z.object({
    ok: z.boolean(),
    results: z
      .array(z.object({ rows, errors: z.array(fields).max(most) }))
      .max(most)
      .optional(),
    /** The index of the call that failed. */
    call: z.number().optional(),
    error: fields.optional(),
    /** A change that had begun was answered by its deadline. */
    unknown: z.boolean().optional(),
  });

const ownReply = replyWith(fieldsWith(z.string()), z.array(z.array(z.unknown())), Infinity);
export type Reply = z.infer<typeof ownReply>;

const isPlain = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.length <= guestLimits.text
    : value === null || typeof value === 'number' || typeof value === 'boolean';
const isValue = (value: unknown): boolean =>
  Array.isArray(value) ? value.length <= guestLimits.list && value.every(isPlain) : isPlain(value);
const isRow = (row: unknown): boolean => Array.isArray(row) && row.length <= guestLimits.columns && row.every(isValue);
const guestReply = replyWith(
  fieldsWith(z.string().max(guestLimits.text)),
  z.custom<unknown[][]>((rows) => Array.isArray(rows) && rows.length <= guestLimits.rows && rows.every(isRow)),
  guestLimits.rows,
);

/** Windows PowerShell can write an array as {value, Count}: a reply of another shape is answered as such, not taken for facts. */
const noReply: Reply = { ok: false, unknown: true, error: { fqid: 'Session.BadReply' } };
const wrongReply: Reply = { ok: false, unknown: true, error: { fqid: 'Session.GuestAnswersWrongly' } };

/** What a frame says of so many calls, asked of the machine that many VMs deep. `isStrange`: the shell is not of this PC. */
export function replyOf({ body }: Frame, depth: number, calls: number, isStrange = false): Reply {
  if (depth === 0 && !isStrange) return ownReply.safeParse(body).data ?? noReply;
  let said: unknown = body;
  let level = 0;
  for (; level < depth && isRecord(said) && typeof said['inside'] === 'string'; level++)
    said = saidInside(said['inside']);
  const parsed = guestReply.safeParse(said).data;
  if (parsed && isAnswer(parsed, calls, level === depth) && !(level > 0 && isCallingOff(parsed))) return parsed;
  return depth === 0 ? noReply : wrongReply;
}

/** Only a person here calls something off. */
const isCallingOff = ({ error }: Reply): boolean => error?.fqid?.split(',')[0] === 'Session.Cancelled';

/** A machine on the way says why it was not passed; only the one that was asked says what came of its calls. */
function isAnswer({ ok, call, results = [] }: Reply, calls: number, isAsked: boolean): boolean {
  if (ok) return isAsked && results.length === calls;
  if (call === undefined) return results.length === 0;
  return isAsked && Number.isInteger(call) && call >= 0 && call < calls && results.length <= call;
}

const saidInside = (text: string): unknown =>
  text.length <= LONGEST_LINE && isShallow(text) ? jsonOf(text) : undefined;

/** Looked at before anything is parsed: without recursion, and in one go. */
function isShallow(text: string): boolean {
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isQuoted) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) isQuoted = false;
    } else if (code === QUOTE) isQuoted = true;
    else if (code === BRACE || code === BRACKET) {
      if (++depth > guestLimits.depth) return false;
    } else if (code === BRACE + 2 || code === BRACKET + 2) depth--;
  }
  return true;
}
const [QUOTE, BACKSLASH, BRACE, BRACKET] = [0x22, 0x5c, 0x7b, 0x5b];

/** A shell of another PC says it too: cut, not refused, as a message of Windows can be long. */
const told = z.string().transform((text) => text.slice(0, guestLimits.text));
const moduleState = z.object({
  name: told,
  state: z.enum(['loaded', 'missing', 'blocked']),
  fqid: told.optional(),
  message: told.optional(),
});
export const readySchema = z.object({
  psVersion: told,
  edition: told,
  languageMode: told,
  pid: z.number(),
  modules: z.array(moduleState).max(100),
  policyLifted: z.boolean().optional(),
  identity: z
    .object({
      account: told,
      sid: told,
      inToken: z.boolean(),
      isMember: z.boolean().nullable(),
      isElevated: z.boolean(),
      isAdministrator: z.boolean().nullable(),
      approvalMode: z.number().nullable().exactOptional(),
    })
    .nullable(),
});
