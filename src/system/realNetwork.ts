import { createWriteStream } from "node:fs";
import { stat, truncate } from "node:fs/promises";
import { connect as connectSocket } from "node:net";
import { once } from "node:events";
import { AppError } from "../errors.ts";
import type {
  Connection,
  ConnectionFailure,
  DownloadOptions,
  HttpAnswer,
  HttpRequest,
  Network,
} from "../ports/Network.ts";
import { certificate, exchange } from "./realProbes.ts";
import { connectionFailure } from "./connectionFailure.ts";
import { serveHttp } from "./serveHttp.ts";

export const realNetwork: Network = {
  connect,
  exchange,
  certificate,
  request,
  download,
  fetchText,
  serve: serveHttp,
};

const bannerLimit = 256;

function connect(host: string, port: number, timeoutMs: number): Promise<Connection | ConnectionFailure> {
  return new Promise((resolve) => {
    const socket = connectSocket({ host, port });
    let connected = false;
    const settle = (result: Connection | ConnectionFailure): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => settle(connected ? { banner: "" } : "timeout"), timeoutMs);
    socket.once("connect", () => {
      connected = true;
    });
    socket.once("data", (data) => settle({ banner: data.subarray(0, bannerLimit).toString("latin1") }));
    socket.once("close", () => settle("closed"));
    socket.once("error", (error) => settle(connectionFailure(error)));
  });
}

async function download(url: string, path: string, options: DownloadOptions): Promise<void> {
  const present = (await stat(path).catch(() => undefined))?.size ?? 0;
  const request = await open(url, options, present > 0 ? { range: `bytes=${present}-` } : {});
  const { response } = request;
  try {
    // 416: everything is there already, or what is there is not a part of this file; the checksum tells.
    if (response.status === 416) return;
    const resumed = response.status === 206;
    if (!resumed && !response.ok) throw unexpectedStatus(url, response.status);
    if (!resumed && present > 0) await truncate(path, 0);
    const length = Number(response.headers.get("content-length") ?? Number.NaN);
    const total = Number.isNaN(length) ? undefined : length + (resumed ? present : 0);
    let done = resumed ? present : 0;
    const file = createWriteStream(path, { flags: "a", mode: 0o600 });
    try {
      for await (const chunk of response.body ?? []) {
        request.alive();
        if (!file.write(chunk)) await once(file, "drain");
        done += chunk.length;
        options.onProgress?.(done, total);
      }
    } finally {
      file.end();
      await once(file, "close");
    }
    if (total !== undefined && done < total)
      throw unreachable(url, `the transfer ended after ${done} of ${total} bytes`);
  } catch (error) {
    throw error instanceof AppError || isLocal(error) ? error : unreachable(url, reason(error));
  } finally {
    request.finish();
  }
}

async function request({ url, method, headers, body, timeoutMs }: HttpRequest): Promise<HttpAnswer> {
  try {
    const response = await fetch(url, {
      method: method ?? "GET",
      headers: headers ?? {},
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(timeoutMs ?? 10_000),
      redirect: "manual",
    });
    return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
  } catch (error) {
    throw unreachable(url, reason(error));
  }
}

async function fetchText(url: string, timeoutMs: number): Promise<string> {
  const request = await open(url, { timeoutMs }, {});
  try {
    if (!request.response.ok) throw unexpectedStatus(url, request.response.status);
    return await request.response.text();
  } catch (error) {
    throw error instanceof AppError ? error : unreachable(url, reason(error));
  } finally {
    request.finish();
  }
}

interface OpenRequest {
  response: Response;
  alive(): void;
  finish(): void;
}

async function open(url: string, options: DownloadOptions, headers: Record<string, string>): Promise<OpenRequest> {
  const silence = new AbortController();
  const timer = setTimeout(
    () => silence.abort(new Error(`no answer for ${Math.round(options.timeoutMs / 1000)} s`)),
    options.timeoutMs,
  );
  const signal = options.signal === undefined ? silence.signal : AbortSignal.any([silence.signal, options.signal]);
  try {
    const response = await fetch(url, { headers, signal, redirect: "follow" });
    return { response, alive: () => void timer.refresh(), finish: () => clearTimeout(timer) };
  } catch (error) {
    clearTimeout(timer);
    throw unreachable(url, reason(error));
  }
}

function unreachable(url: string, why: string): AppError {
  return new AppError("network.unreachable", `${url} cannot be reached: ${why}`, {
    hint: "check the network and the proxy variables, then run the same command again",
  });
}

function unexpectedStatus(url: string, status: number): AppError {
  return new AppError("network.status", `${url} answered with status ${status}`, {
    hint: "check that the address is right and still served",
  });
}

/** A full disk or a missing directory is no fault of the network. */
function isLocal(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return ["ENOSPC", "EIO", "EROFS", "EACCES", "ENOENT", "EDQUOT"].includes(code);
}

function reason(error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  return cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error));
}
