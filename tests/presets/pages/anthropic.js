import Anthropic from "@anthropic-ai/sdk";
import { anthropic } from "./anthropic_facts.js";

export const run = anthropic(Anthropic);
