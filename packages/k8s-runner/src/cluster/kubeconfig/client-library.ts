/** What is used of the client library, in a module of its own: a bundle has this much of it and leaves out its hundreds of models. */
export { KubeConfig } from "@kubernetes/client-node";
