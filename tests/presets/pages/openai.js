import OpenAI from "openai";
import { openai } from "./openai_facts.js";

export const run = openai(OpenAI);
