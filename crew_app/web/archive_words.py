# ruff: noqa: E501 - one paragraph, one line
"""What the README of an archive says: the same in both languages, whoever downloads it."""

README = """\
照片证据归档 / ARCHIVE OF PHOTO EVIDENCE
{site} · {month} · {made}

[中文]

本归档收录本院区当月到达服务器的全部照片。不需要任何专用软件即可核验。

  jobs/<工单号>/original/   手机拍摄的原图，一个字节都没有改动
  jobs/<工单号>/stamped/    带水印的副本（需要打码的地方已打码）
  jobs/<工单号>/sheet.html  证据单，用浏览器打开
  rounds/、other/           巡检和其他记录，结构相同
  MISSING.txt               没有原图的照片及原因（还在手机上、已按规定删除、无法读取）
  SHA256SUMS                每个文件的指纹；原图一栏是拍摄时登记的指纹
  chain.jsonl               这些记录在审计链上的环节
  heads.txt                 归档时的链头，以及曾向外通报的链头

1. 核对文件： sha256sum -c SHA256SUMS （macOS： shasum -a 256 -c SHA256SUMS）
2. 核对全部： python3 check.py
3. 手工核对链： chain.jsonl 每行有三项。对 "row" 的 JSON（不含空格，UTF-8）取 SHA-256，得到 "sealed" 的第 6 项；对 "sealed" 同样取 SHA-256，得到 "hash"。"sealed" 的第 1 项是前一环的 hash，所以改动任何一环，其后的都对不上。
4. 核对链头： heads.txt 里的链头应与您此前从邮件、群消息或交接班表上得到的一致。整条链由医院用 "crew audit verify --heads heads.txt" 核验。

原图可能含有拍摄位置等信息，请妥善保管；每张原图的下载都已登记。

[English]

This archive holds every photo of the site that reached the server in the month. It can be checked without this software.

  jobs/<number>/original/   the pictures as the phone took them, not a byte changed
  jobs/<number>/stamped/    copies with their stamps (blurred where that was asked for)
  jobs/<number>/sheet.html  the evidence sheet, for any browser
  rounds/, other/           rounds and other records, in the same form
  MISSING.txt               photos without an original here, and why (still on the phone, removed under the rule, unreadable)
  SHA256SUMS                the fingerprint of each file; for originals the one that was sealed when they were taken
  chain.jsonl               the links of these records in the audit chain
  heads.txt                 how far the chain had come, and the heads that were told to the outside

1. Files: sha256sum -c SHA256SUMS (macOS: shasum -a 256 -c SHA256SUMS)
2. Everything: python3 check.py
3. The chain by hand: each line of chain.jsonl has three parts. The SHA-256 of the JSON of "row" (without blanks, UTF-8) is the sixth part of "sealed"; the SHA-256 of "sealed" is "hash". The first part of "sealed" is the hash of the link before it, so that after any change nothing behind it fits any more.
4. Heads: those in heads.txt must be the ones you were told by mail, in a chat or on a hand-over sheet. The hospital checks the whole chain with "crew audit verify --heads heads.txt".

Originals may hold positions and other data of the camera: keep them safe. Each original in here was logged as fetched.
"""

STYLE = """\
body{max-width:60rem;margin:1rem auto;padding:0 1rem;font:16px/1.45 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif;color:#12201e}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin:1.5rem 0 .5rem;break-after:avoid}dl,dd,p{margin:0}
.sheet-facts>div{display:grid;grid-template-columns:8rem 1fr;gap:.5rem}dt,.sheet-site,.sheet-foot{color:#485a56}.pre-line{white-space:pre-line}
table{width:100%;border-collapse:collapse;font-size:.9rem}th,td{padding:.25rem .5rem .25rem 0;border-bottom:1px solid #d3dedb;text-align:left;vertical-align:top}
.sheet-shots{display:grid;grid-template-columns:1fr 1fr;gap:1rem;align-items:start}figure{margin:0;break-inside:avoid}
.sheet-picture{width:100%;height:auto;max-height:40rem;object-fit:contain;object-position:left top}figcaption{font-size:.85rem}code{overflow-wrap:anywhere}
.sheet-none{padding:2rem .5rem;border:1px dashed #6d7f7b;color:#485a56;text-align:center}
.sheet-signs{display:grid;grid-template-columns:1fr 1fr;gap:1rem 2rem;margin:2rem 0}.sheet-signs p{min-height:3rem;border-bottom:1px solid #6d7f7b}
svg{width:7.5rem;fill:none;stroke:currentcolor;stroke-width:3}.sheet-foot{overflow-wrap:anywhere}
@page{size:A4;margin:12mm}@media print{body{font-size:9pt}.sheet-picture{max-height:96mm}}
"""
