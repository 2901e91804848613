"""How anything is written: whole files (`files`), and who may write a folder (`lock`)."""
