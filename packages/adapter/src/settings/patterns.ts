/** Texts of settings. */
export const word = /^\S+$/;
export const absolutePath = /^\/[^\0]*$/;
export const httpUrl = /^https?:\/\/[^\s/]+/;
export const namespaceName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
export const objectName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
/** No `.` and no `..`: Kubernetes refuses the second, and both only hide where it leads. */
export const relativePath = /^(?!\.{1,2}(\/|$))[^/\0]+(\/(?!\.{1,2}(\/|$))[^/\0]+)*$/;
/** A name, or an absolute path. */
export const clusterName = /^(\/[^\0]*|[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)$/;
