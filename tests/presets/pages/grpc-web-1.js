import * as client from "grpc-web-1";
import { facts } from "./facts.js";
import { grpcWeb } from "./grpc_web_facts.js";

export const run = facts(grpcWeb(client));
