import Anthropic from "@anthropic-ai/sdk-0";
import { anthropic } from "./anthropic_facts.js";

export const run = anthropic(Anthropic);
