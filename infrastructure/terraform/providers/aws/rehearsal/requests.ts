import type { ApiRequest } from "landfall/rehearsal";

export function actionOf(request: ApiRequest): string | undefined {
  return fieldOf(request, "Action");
}

/** @param name as forms have it, such as `InstanceType.Value` */
export function fieldOf(request: ApiRequest, name: string): string | undefined {
  const value = fieldsOf(request)[name];
  return typeof value === "string" ? value : undefined;
}

/** Names and values of the fields of a list, such as `InstanceId.1` and `InstanceId.2`. */
export function listed(request: ApiRequest, form: RegExp): [name: string, value: string][] {
  return Object.keys(fieldsOf(request)).flatMap((name): [string, string][] =>
    form.test(name) ? [[name, fieldOf(request, name) ?? ""]] : [],
  );
}

/** The same request with more fields. */
export function withFields(request: ApiRequest, more: Readonly<Record<string, string>>): ApiRequest {
  if (Object.keys(more).length === 0) return request;
  return {
    ...request,
    body: { ...fieldsOf(request), ...more },
    text: `${request.text}&${new URLSearchParams(more).toString()}`,
  };
}

/** Who signed, and for which region; undefined where nobody did. */
export function signerOf({ headers }: ApiRequest): { accessKey: string; region: string } | undefined {
  const scope = /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/\d{8}\/([a-z0-9-]+)\/[a-z0-9]+\/aws4_request,/;
  const [, accessKey, region] = scope.exec(headers["authorization"] ?? "") ?? [];
  return accessKey === undefined || region === undefined ? undefined : { accessKey, region };
}

function fieldsOf({ body }: ApiRequest): Record<string, unknown> {
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
}
