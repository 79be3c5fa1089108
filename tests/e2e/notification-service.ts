/** The desktop's notification service, played by the test: what is shown arrives here, and is clicked from here. */
import { once } from 'node:events';
import net from 'node:net';

export interface Shown {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  /** Ids of what can be clicked; `default` is the toast itself. */
  readonly actions: readonly string[];
}

const service = 'org.freedesktop.Notifications';
const objectPath = '/org/freedesktop/Notifications';
const METHOD_RETURN = 2;
const SIGNAL = 4;

/** Writes values as D-Bus does: little-endian, each at a multiple of its size. Only the types that are needed here. */
class Writer {
  #bytes: number[] = [];

  get bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }

  align(size: number): this {
    while (this.#bytes.length % size !== 0) this.#bytes.push(0);
    return this;
  }

  byte(...values: readonly number[]): this {
    this.#bytes.push(...values);
    return this;
  }

  u(value: number): this {
    this.align(4);
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32LE(value);
    return this.byte(...buffer);
  }

  s(text: string): this {
    const buffer = Buffer.from(text);
    return this.u(buffer.length).byte(...buffer, 0);
  }

  g(signature: string): this {
    return this.byte(signature.length, ...Buffer.from(signature), 0);
  }

  array(write: (inside: Writer) => void, align: number): this {
    const inside = new Writer();
    write(inside);
    return this.u(inside.bytes.length)
      .align(align)
      .byte(...inside.bytes);
  }
}

class Reader {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  get at(): number {
    return this.#at;
  }

  align(size: number): void {
    this.#at = Math.ceil(this.#at / size) * size;
  }

  byte(): number {
    return this.bytes.readUInt8(this.#at++);
  }

  u(): number {
    this.align(4);
    this.#at += 4;
    return this.bytes.readUInt32LE(this.#at - 4);
  }

  s(length = this.u()): string {
    this.#at += length + 1;
    return this.bytes.toString('utf8', this.#at - length - 1, this.#at - 1);
  }

  g(): string {
    return this.s(this.byte());
  }

  list<Value>(read: () => Value, align: number): Value[] {
    const length = this.u();
    this.align(align);
    const end = this.#at + length;
    const values: Value[] = [];
    while (this.#at < end) values.push(read());
    return values;
  }
}

/** Fields of a header, by number: path, interface, member, reply serial, destination, sender, signature. */
interface Message {
  readonly type: number;
  readonly serial: number;
  readonly fields: ReadonlyMap<number, string | number>;
  readonly body: Buffer;
}
type Field = readonly [code: number, type: 's' | 'o' | 'g' | 'u', value: string | number];

function encode(type: number, serial: number, fields: readonly Field[], body: Buffer = Buffer.alloc(0)): Buffer {
  const writer = new Writer().byte(0x6c, type, 0, 1).u(body.length).u(serial);
  writer.array((inside) => {
    for (const [code, kind, value] of fields) {
      inside.align(8).byte(code).g(kind);
      if (kind === 'u') inside.u(Number(value));
      else if (kind === 'g') inside.g(String(value));
      else inside.s(String(value));
    }
  }, 8);
  return Buffer.concat([writer.align(8).bytes, body]);
}

/** The first message of the bytes, and how long it is; undefined: not all of it is there yet. */
function decode(bytes: Buffer): { readonly message: Message; readonly length: number } | undefined {
  if (bytes.length < 16) return undefined;
  const bodyLength = bytes.readUInt32LE(4);
  const headerLength = Math.ceil((16 + bytes.readUInt32LE(12)) / 8) * 8;
  const length = headerLength + bodyLength;
  if (bytes.length < length) return undefined;
  const reader = new Reader(bytes);
  reader.u();
  reader.u();
  const serial = reader.u();
  const fields = reader.list((): [number, string | number] => {
    reader.align(8);
    const code = reader.byte();
    const kind = reader.g();
    return [code, kind === 'u' ? reader.u() : kind === 'g' ? reader.g() : reader.s()];
  }, 8);
  const message = {
    type: bytes.readUInt8(1),
    serial,
    fields: new Map(fields),
    body: bytes.subarray(headerLength, length),
  };
  return { message, length };
}

function socketOf(address: string): net.Socket {
  const [, kind, place = ''] = /^unix:(path|abstract)=([^,;]+)/.exec(address) ?? [];
  if (!kind) throw new Error(`no D-Bus socket in '${address}'`);
  return net.connect(kind === 'abstract' ? `\0${place}` : place);
}

export class NotificationService {
  readonly shown: Shown[] = [];
  #serial = 0;
  #read = Buffer.alloc(0);

  private constructor(private readonly socket: net.Socket) {}

  static async start(address = process.env['DBUS_SESSION_BUS_ADDRESS'] ?? ''): Promise<NotificationService> {
    const socket = socketOf(address);
    await once(socket, 'connect');
    const account = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
    socket.write(`\0AUTH EXTERNAL ${account}\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    if (!answer.toString().startsWith('OK')) throw new Error(`D-Bus says ${answer.toString()}`);
    socket.write('BEGIN\r\n');
    const notifications = new NotificationService(socket);
    const named = new Promise<void>((resolve, reject) => {
      socket.on('data', (bytes: Buffer) => notifications.#heard(bytes, resolve));
      socket.once('error', reject);
    });
    notifications.#callBus('Hello');
    // Takes it over, should the desktop have one of its own (flags: replace an existing one).
    notifications.#callBus('RequestName', 'su', new Writer().s(service).u(2).bytes);
    await named;
    return notifications;
  }

  /** A click on a toast (`default`) or on a button of it. */
  click(id: number, action = 'default'): void {
    this.#signal('ActionInvoked', 'us', new Writer().u(id).s(action).bytes);
    this.#signal('NotificationClosed', 'uu', new Writer().u(id).u(2).bytes);
  }

  stop(): void {
    this.socket.destroy();
  }

  #callBus(member: string, signature = '', body?: Buffer): void {
    const bus = 'org.freedesktop.DBus';
    const fields: Field[] = [
      [1, 'o', '/org/freedesktop/DBus'],
      [2, 's', bus],
      [3, 's', member],
      [6, 's', bus],
      ...(signature === '' ? [] : ([[8, 'g', signature]] as const)),
    ];
    this.socket.write(encode(1, ++this.#serial, fields, body));
  }

  #signal(member: string, signature: string, body: Buffer): void {
    const fields: Field[] = [
      [1, 'o', objectPath],
      [2, 's', service],
      [3, 's', member],
      [8, 'g', signature],
    ];
    this.socket.write(encode(SIGNAL, ++this.#serial, fields, body));
  }

  #heard(bytes: Buffer, named: () => void): void {
    this.#read = Buffer.concat([this.#read, bytes]);
    for (let next = decode(this.#read); next; next = decode(this.#read)) {
      this.#read = this.#read.subarray(next.length);
      const { message } = next;
      // The reply to the second call: the name is ours.
      if (message.type === METHOD_RETURN && message.fields.get(5) === 2) named();
      if (message.type === 1 && message.fields.get(2) === service) this.#answer(message);
    }
  }

  #answer({ serial, fields, body }: Message): void {
    const writer = new Writer();
    const reply = (signature: string): void => {
      const replied: Field[] = [
        [5, 'u', serial],
        [6, 's', String(fields.get(7))],
        ...(signature === '' ? [] : ([[8, 'g', signature]] as const)),
      ];
      this.socket.write(encode(METHOD_RETURN, ++this.#serial, replied, writer.bytes));
    };
    switch (fields.get(3)) {
      case 'GetCapabilities':
        writer.array((inside) => inside.s('body').s('actions'), 4);
        return reply('as');
      case 'GetServerInformation':
        writer.s('test').s('hypernest').s('1').s('1.2');
        return reply('ssss');
      case 'Notify': {
        const reader = new Reader(body);
        reader.s();
        const replaces = reader.u();
        reader.s();
        const [title, text] = [reader.s(), reader.s()];
        const actions = reader.list(() => reader.s(), 4).filter((_, index) => index % 2 === 0);
        const id = replaces === 0 ? this.shown.length + 1 : replaces;
        this.shown.push({ id, title, body: text, actions });
        writer.u(id);
        return reply('u');
      }
      default:
        return reply('');
    }
  }
}
