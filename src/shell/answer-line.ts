/**
 * The way back from the app that runs to the start that asked it: a pipe of the asker. Only they are told its name, but Windows lists
 * the names of pipes, and lets every account connect to read: who connects counts as the app only when it has said what an app says.
 */
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { answerOf, type HandedAnswer } from './handed.js';

/** Built from an id alone: what is handed on never leads to another PC, or to a file. */
export const addressOf = (id: string): string =>
  process.platform === 'win32' ? `\\\\.\\pipe\\hypernest-answer-${id}` : path.join(os.tmpdir(), `hypernest-${id}.sock`);

export interface AnswerLine {
  say(answer: HandedAnswer): void;
  /** Nothing more is said. */
  close(): void;
  /** The asker has gone, or there never was one. */
  readonly gone: Promise<void>;
}

export function openLine(id: string): AnswerLine {
  const socket = net.connect(addressOf(id));
  const gone = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  socket.on('error', () => undefined); // the close says it
  socket.resume();
  const say = (answer: HandedAnswer): void => void socket.write(`${JSON.stringify(answer)}\n`);
  say({ kind: 'here' });
  return {
    say,
    close: () => void socket.end(),
    gone,
  };
}

interface Asked {
  /** What the app says, one after the other, until it goes or has nothing more to say. */
  readonly answers: AsyncIterable<HandedAnswer>;
  /** Resolves to whether the app has said a first word within these milliseconds. */
  readonly reached: (milliseconds: number) => Promise<boolean>;
  readonly close: () => void;
}

/** Listens before anybody is asked. One app answers, the first that says a word of one: all others are sent away then. */
export async function listenFor(id: string): Promise<Asked> {
  const address = addressOf(id);
  const server = net.createServer();
  const open = new Set<net.Socket>();
  const found = firstOf(server, open);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(address, resolve));
  async function* answers(): AsyncGenerator<HandedAnswer> {
    const { first, rest } = await found;
    yield first;
    yield* rest;
  }
  return {
    answers: answers(),
    reached: (milliseconds) =>
      new Promise((resolve) => {
        const late = setTimeout(() => resolve(false), milliseconds);
        void found.then(() => {
          clearTimeout(late);
          resolve(true);
        });
      }),
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
      if (process.platform !== 'win32') fs.rmSync(address, { force: true });
    },
  };
}

interface Found {
  readonly first: HandedAnswer;
  readonly rest: AsyncIterable<HandedAnswer>;
}

function firstOf(server: net.Server, open: Set<net.Socket>): Promise<Found> {
  return new Promise((resolve) => {
    let isFound = false;
    server.on('connection', (socket) => {
      socket.on('error', () => undefined); // the close says it
      if (isFound) return void socket.destroy();
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      const rest = saidOn(socket);
      void rest.next().then(({ value: first }: IteratorResult<HandedAnswer, undefined>) => {
        if (isFound || !first) return void socket.destroy();
        isFound = true;
        for (const other of open) if (other !== socket) other.destroy();
        resolve({ first, rest });
      });
    });
  });
}

async function* saidOn(socket: net.Socket): AsyncGenerator<HandedAnswer, undefined> {
  const lines = createInterface({ input: socket });
  // One that breaks has no end.
  socket.once('close', () => lines.close());
  for await (const line of lines) {
    const answer = answerOf(line);
    if (answer) yield answer;
  }
  return undefined;
}
