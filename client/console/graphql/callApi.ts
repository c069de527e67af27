import { requestGraphql } from '../../sdk/requestGraphql';
import { serverAddress } from '../serverAddress';
import type { TypedDocument } from './operations';

/** The API of the server that served this page. */
export const apiUrl = serverAddress('graphql');

/** Posts one operation with a key; throws FanfareError with a code of the API's catalogue. */
export function callApi<Data, Variables extends object>(
  key: string,
  document: TypedDocument<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  return requestGraphql<Data>({ url: apiUrl, key }, document, { ...variables } as Record<string, unknown>);
}
