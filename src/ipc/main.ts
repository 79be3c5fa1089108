/** Main's end of IPC: one channel for every call. Who sent it, its name, host and shape are checked before a handler sees it. */
import type { IpcMain, WebContents } from 'electron';
import { isHostText, thisPc, type HostId } from '../core/cmdlets/ref.js';
import { calls, type AppEvent, type CallName, type ReplyOf, type RequestOf } from './schema.js';
import { callChannel, eventChannel, type Answer, type Refusal } from './wire.js';

/** `host`: the one that the window shows. What names a VM, a plan or a run is of the host that has it. */
type Handler<Name extends CallName> = (
  request: RequestOf<Name>,
  host: HostId,
) => ReplyOf<Name> | Promise<ReplyOf<Name>>;
export type Handlers = { readonly [Name in CallName]: Handler<Name> };

/** What came, as it came. */
export interface Asked {
  readonly name: unknown;
  readonly request: unknown;
  /** Absent: this PC. */
  readonly host?: unknown;
}

/** Who sent a message, as far as it decides whether it is heard. */
export interface Sender {
  /** The frame's address; '' when the frame is gone. */
  readonly url: string;
  readonly isTopFrame: boolean;
  /** Sent by our own window, and not by contents that somebody else has made. */
  readonly isOwnWindow: boolean;
}

export interface Refused {
  readonly why: Refusal;
  /** A name of the schema, else only its type and length: what comes from outside is not written to the log. */
  readonly call: string;
  /** Paths of the fields that did not fit, never their values. */
  readonly fields?: readonly string[];
  readonly error?: unknown;
}

export function isTrusted(sender: Sender, origin: string): boolean {
  if (!sender.isOwnWindow || !sender.isTopFrame) return false;
  if (!URL.canParse(sender.url)) return false;
  // Not `url.origin`: it is 'null' for a scheme that Node's URL does not know.
  const { protocol, host } = new URL(sender.url);
  return `${protocol}//${host}` === origin;
}

/** Answers one message. Never rejects: a refusal and a handler that threw are answers too. */
export async function answer(
  handlers: Handlers,
  origin: string,
  sender: Sender,
  { name, request, host = thisPc }: Asked,
  refused: (what: Refused) => void,
): Promise<Answer> {
  const refuse = (what: Refused): Answer => {
    refused(what);
    return { ok: false, error: what.why };
  };
  if (!isTrusted(sender, origin)) return refuse({ why: 'foreign-sender', call: nameForLog(name) });
  if (!isCallName(name)) return refuse({ why: 'unknown-call', call: nameForLog(name) });
  if (!isHostText(host)) return refuse({ why: 'bad-request', call: name, fields: ['(host)'] });
  return await answerKnown(name, handlers[name], request, host, refuse);
}

async function answerKnown<Name extends CallName>(
  name: Name,
  handler: Handler<Name>,
  request: unknown,
  host: HostId,
  refuse: (what: Refused) => Answer,
): Promise<Answer> {
  const parsed = calls[name].request.safeParse(request);
  if (!parsed.success) {
    const fields = parsed.error.issues.slice(0, 5).map((issue) => issue.path.map(String).join('.') || '(all)');
    return refuse({ why: 'bad-request', call: name, fields });
  }
  try {
    // The schema of this very name has made it; TypeScript does not follow a mapped type through safeParse.
    return { ok: true, reply: await handler(parsed.data as RequestOf<Name>, host) };
  } catch (error) {
    return refuse({ why: 'failed', call: name, error });
  }
}

function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(calls, name);
}

function nameForLog(name: unknown): string {
  if (isCallName(name)) return name;
  return typeof name === 'string' ? `(text of ${name.length})` : `(${typeof name})`;
}

/** Starts to answer. `own` tells whether web contents are those of our window. */
export function serve(
  ipcMain: IpcMain,
  options: {
    readonly handlers: Handlers;
    /** `app://hypernest`, or the development server's. */
    readonly origin: string;
    readonly own: (contents: WebContents) => boolean;
    readonly refused: (what: Refused) => void;
  },
): void {
  ipcMain.handle(callChannel, (event, name: unknown, request: unknown, host: unknown) => {
    const frame = event.senderFrame;
    const sender: Sender = {
      url: frame?.url ?? '',
      isTopFrame: frame !== null && frame.parent === null,
      isOwnWindow: options.own(event.sender),
    };
    return answer(options.handlers, options.origin, sender, { name, request, host }, options.refused);
  });
}

export function send(contents: WebContents, event: AppEvent): void {
  if (!contents.isDestroyed()) contents.send(eventChannel, event);
}
